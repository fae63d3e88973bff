package signins_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"signpost/diagnosis"
	"signpost/signins"
)

func TestDecodeWhatIf(t *testing.T) {
	t.Parallel()
	raw := `{"value":[
		{"id":"A","displayName":"Block","state":"enabled","policyApplies":false,"analysisReasons":"aReasonOfTomorrow","conditions":null,
		 "grantControls":{"operator":"OR","builtInControls":["block"]}},
		{"id":"b","displayName":"Bind","state":"enabledForReportingButNotEnforced","policyApplies":true,"analysisReasons":"notSet",
		 "grantControls":null,"sessionControls":{"secureSignInSession":{"isEnabled":true}}},
		{"id":"c","state":"enabled","policyApplies":true,"grantControls":{"operator":"AND","builtInControls":["aControlOfTomorrow"],
		 "termsOfUse":["t"],"customAuthenticationFactors":["f"],"authenticationStrength":{"displayName":"Strong"}}}]}`
	want := []diagnosis.Evaluated{
		{Policy: diagnosis.Policy{ID: "a", Name: "Block", State: "enabled", Operator: "OR", GrantControls: []string{"block"}}, Reason: "aReasonOfTomorrow"},
		{Policy: diagnosis.Policy{ID: "b", Name: "Bind", State: "enabledForReportingButNotEnforced", TokenProtection: true}, Applies: true, Reason: "notSet"},
		{Policy: diagnosis.Policy{
			ID: "c", State: "enabled", Operator: "AND", GrantControls: []string{"aControlOfTomorrow"}, AuthenticationStrength: "Strong",
			TermsOfUse: []string{"t"}, CustomFactors: []string{"f"},
		}, Applies: true},
	}
	got, err := signins.DecodeWhatIf([]byte(raw))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the answer (-want +got):\n%s", diff)
	}
}

// An answer that is half understood would say that a policy does not apply which does.
func TestDecodeWhatIfRefusesWhatItDoesNotUnderstand(t *testing.T) {
	t.Parallel()
	for _, raw := range []string{``, `[]`, `{}`, `{"value":null}`, `{"value":[1]}`, `{"value":[{"id":"a"}]}`, `{"value":[{"id":"a","policyApplies":"perhaps"}]}`} {
		if got, err := signins.DecodeWhatIf([]byte(raw)); err == nil {
			t.Errorf("%s became %v, want an error", raw, got)
		}
	}
}

func FuzzDecodeWhatIf(f *testing.F) {
	f.Add([]byte(`{"value":[{"id":"a","policyApplies":true,"grantControls":{"builtInControls":["block"]}}]}`))
	f.Fuzz(func(_ *testing.T, raw []byte) { _, _ = signins.DecodeWhatIf(raw) })
}
