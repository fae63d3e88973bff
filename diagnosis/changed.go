package diagnosis

import "strings"

// Change is something that was different when the same thing worked later. The set is closed; words has a name for each.
type Change string

// The changes.
const (
	ChangedDevice     Change = "device"
	ChangedCompliance Change = "compliance"
	ChangedClient     Change = "client"
	ChangedPlace      Change = "place"
	ChangedNetwork    Change = "network"
	ChangedMethod     Change = "method"
	ChangedShown      Change = "device-shown" // the device showed itself
	ChangedFlow       Change = "flow"         // it was made directly, without a device code or a transfer
)

// Changes returns every change.
func Changes() []Change {
	return []Change{ChangedDevice, ChangedCompliance, ChangedClient, ChangedPlace, ChangedNetwork, ChangedMethod, ChangedShown, ChangedFlow}
}

// changes lists what was different between a failure and the success that overcame it, as far as both rows show it.
func changes(failed, success *SignIn) []Change {
	var out []Change
	add := func(c Change, before, after string) {
		if before != "" && after != "" && !strings.EqualFold(before, after) {
			out = append(out, c)
		}
	}
	add(ChangedDevice, failed.Device.ID, success.Device.ID)
	if failed.Device.ID == "" && success.Device.ID != "" {
		out = append(out, ChangedShown)
	}
	if byTransfer(failed) && !byTransfer(success) {
		out = append(out, ChangedFlow)
	}
	if a, b := failed.Device, success.Device; a.ID == b.ID && a.Compliant != nil && b.Compliant != nil && *a.Compliant != *b.Compliant {
		out = append(out, ChangedCompliance)
	}
	if failed.ClientApp != "" && success.ClientApp != "" && !strings.EqualFold(failed.ClientApp, success.ClientApp) {
		add(ChangedClient, failed.ClientApp, success.ClientApp)
	} else {
		add(ChangedClient, failed.Device.Browser, success.Device.Browser)
	}
	add(ChangedPlace, failed.Location.Country, success.Location.Country)
	add(ChangedNetwork, failed.IPAddress, success.IPAddress)
	add(ChangedMethod, strongest(failed), strongest(success))
	return out
}

// strongest is the last method with which a step of a sign-in succeeded.
func strongest(s *SignIn) string {
	method := ""
	for _, step := range s.AuthenticationSteps {
		if step.Succeeded != nil && *step.Succeeded && step.Method != "" && !strings.EqualFold(step.Method, "Previously satisfied") {
			method = step.Method
		}
	}
	return method
}
