package diagnosis

import "slices"

// Product is a Microsoft service that people onboard. The zero value means that nobody said which.
type Product string

// The products. Their values are part of the contract of `signpost diagnose --json`.
const (
	DesktopAnalytics  Product = "desktop-analytics" // retired on 30 November 2022
	Intune            Product = "intune"
	Autopatch         Product = "autopatch"
	EndpointAnalytics Product = "endpoint-analytics"
	TenantAttach      Product = "tenant-attach"
	WUfBReports       Product = "wufb-reports"
)

// Products returns all products in the order in which a person is offered them.
func Products() []Product {
	return []Product{Intune, Autopatch, EndpointAnalytics, TenantAttach, WUfBReports, DesktopAnalytics}
}

// Known reports whether p is one of Products.
func (p Product) Known() bool { return slices.Contains(Products(), p) }

// Retired reports whether Microsoft has ended the service.
func (p Product) Retired() bool { return p == DesktopAnalytics }
