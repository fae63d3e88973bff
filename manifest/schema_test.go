package manifest_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/dlclark/regexp2"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

// Microsoft's own schemas, from the npm package @microsoft/app-manifest; see
// testdata/schemas/LICENSE.
const (
	manifestSchema = "MicrosoftTeams.schema.json"
	localeSchema   = "MicrosoftTeams.Localization.schema.json"
)

func TestPackageFollowsMicrosoftsSchemas(t *testing.T) {
	t.Parallel()
	pkg := build(t, options())
	tests := []struct {
		name, schema string
		document     []byte
		valid        bool
	}{
		{"the manifest of the package is valid", manifestSchema, pkg["manifest.json"], true},
		{"the template in this folder is valid as it stands", manifestSchema, read(t, "manifest.json"), true},
		{"the Indonesian texts of the package are valid", localeSchema, pkg["id.json"], true},
		{"the Indonesian texts in this folder are valid as they stand", localeSchema, read(t, "id.json"), true},
		{
			"a member that Teams does not know is refused", manifestSchema,
			replace(t, pkg["manifest.json"], `"validDomains"`, `"packageName": "x", "validDomains"`), false,
		},
		{
			"an address without a scheme is refused", manifestSchema,
			replace(t, pkg["manifest.json"], `"https://www.contoso.com/help"`, `"www.contoso.com/help"`), false,
		},
		{
			"a text called null is refused, which takes a look-ahead", localeSchema,
			replace(t, pkg["id.json"], `"name.short": "Signpost"`, `"name.short": "null"`), false,
		},
		{
			"a text of an eleventh command is refused", localeSchema,
			replace(t, pkg["id.json"], "commands[0].title", "commands[10].title"), false,
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			document, err := jsonschema.UnmarshalJSON(bytes.NewReader(test.document))
			if err != nil {
				t.Fatal(err)
			}
			err = compile(t, test.schema).Validate(document)
			if test.valid && err != nil {
				t.Error(err)
			}
			if !test.valid && err == nil {
				t.Error("the schema accepts it")
			}
		})
	}
}

func compile(t *testing.T, name string) *jsonschema.Schema {
	t.Helper()
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(read(t, filepath.Join("testdata", "schemas", name))))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	c.UseRegexpEngine(ecmaScript)
	if err := c.AddResource(name, document); err != nil {
		t.Fatal(err)
	}
	schema, err := c.Compile(name)
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

// expression is a regular expression as JSON Schema means it. Go's own engine
// refuses the look-aheads in Microsoft's schemas.
type expression regexp2.Regexp

func ecmaScript(pattern string) (jsonschema.Regexp, error) {
	re, err := regexp2.Compile(pattern, regexp2.ECMAScript)
	if err != nil {
		return nil, err
	}
	return (*expression)(re), nil
}

func (e *expression) MatchString(s string) bool {
	found, err := (*regexp2.Regexp)(e).MatchString(s)
	return err == nil && found
}

func (e *expression) String() string { return (*regexp2.Regexp)(e).String() }

func read(t *testing.T, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// replace swaps old, which must be there, for its replacement.
func replace(t *testing.T, data []byte, old, replacement string) []byte {
	t.Helper()
	if !bytes.Contains(data, []byte(old)) {
		t.Fatalf("%s is not there to be replaced", old)
	}
	return bytes.ReplaceAll(data, []byte(old), []byte(replacement))
}
