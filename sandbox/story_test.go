package sandbox_test

import (
	"net/url"
	"regexp"
	"testing"
	"time"

	"signpost/sandbox"
)

func TestStoriesAreUniqueAndComplete(t *testing.T) {
	t.Parallel()
	s := start(t, sandbox.Options{})
	kebab := regexp.MustCompile(`^[a-z]+(-[a-z]+)*$`)
	seen := map[string]string{}
	unique := func(story, word string) {
		if before, twice := seen[word]; twice {
			t.Errorf("%s and %s share %q", story, before, word)
		}
		seen[word] = story
	}
	for _, story := range sandbox.StoriesAt(noon) {
		unique(story.Name, story.Name)
		unique(story.Name, story.Title)
		unique(story.Name, story.Person.ID)
		if !kebab.MatchString(story.Name) || story.Title == "" || len(story.Steps) == 0 {
			t.Errorf("story %q is not complete: %+v", story.Name, story)
		}
		if known, ok := s.Tenant().Person(story.Person.UPN); !ok || known != story.Person {
			t.Errorf("%s: the person %s is not the tenant's", story.Name, story.Person.UPN)
		}
		if (story.Before == nil) != (story.After == nil) {
			t.Errorf("%s changes the tenant and does not change it back, or the reverse", story.Name)
		}
		for i, step := range story.Steps {
			if (step.Say == "") == (step.Press == "") || step.Say != "" && step.Inputs != nil {
				t.Errorf("%s: step %d says and presses, or neither: %+v", story.Name, i, step)
			}
		}
	}
	if n := len(sandbox.Stories()); n == 0 || n != len(sandbox.StoriesAt(noon)) {
		t.Errorf("there are %d stories now, %d at noon", n, len(sandbox.StoriesAt(noon)))
	}
}

// The log tells each story: the person's own rows, and, on the person's own clock, one when they say that it was.
func TestStoriesHaveTheirRows(t *testing.T) {
	t.Parallel()
	s := start(t, sandbox.Options{})
	for _, story := range sandbox.StoriesAt(noon) {
		rows := s.rowsOf(story.Person)
		if (len(rows) == 0) != (story.Name == "no-sign-in-found") {
			t.Errorf("%s: the log has %d rows", story.Name, len(rows))
		}
		for _, step := range story.Steps {
			if step.Inputs != nil {
				wantRowAt(t, story, step.Inputs, rows)
			}
		}
	}
}

// rowsOf are all rows of a person that the log shows.
func (s *services) rowsOf(p sandbox.Person) []map[string]any {
	s.t.Helper()
	filter := "userId eq '" + p.ID + "' and " + bothKind
	return s.follow("/beta/auditLogs/signIns?$filter="+url.QueryEscape(filter), 1000)
}

func wantRowAt(t *testing.T, story sandbox.Story, inputs map[string]string, rows []map[string]any) {
	t.Helper()
	zone, err := time.LoadLocation(story.Person.Timezone)
	if err != nil {
		t.Fatal(err)
	}
	at, err := time.ParseInLocation("2006-01-02 15:04", inputs["date"]+" "+inputs["time"], zone)
	if err != nil || inputs["account"] != story.Person.ID || inputs["product"] == "" {
		t.Errorf("%s: the form is %v, %v", story.Name, inputs, err)
	}
	for _, row := range rows {
		text, _ := row["createdDateTime"].(string)
		created, err := time.Parse(time.RFC3339, text)
		if err != nil {
			t.Fatal(err)
		}
		if created.Truncate(time.Minute).Equal(at) {
			return
		}
	}
	t.Errorf("%s: no row was made at %v", story.Name, at)
}

// An error page that somebody pastes names the ids of a row.
func TestPastedIDsAreOfARow(t *testing.T) {
	t.Parallel()
	s := start(t, sandbox.Options{})
	ids := regexp.MustCompile(`Trace ID: (\S+) Correlation ID: (\S+)`)
	pasted := 0
	for _, story := range sandbox.StoriesAt(noon) {
		for _, step := range story.Steps {
			found := ids.FindStringSubmatch(step.Say)
			if found == nil {
				continue
			}
			pasted++
			filter := "id eq '" + found[1] + "' and correlationId eq '" + found[2] + "'"
			a := s.graph("GET", "/v1.0/auditLogs/signIns?$filter="+url.QueryEscape(filter), "")
			if n := len(a.values()); n != 1 {
				t.Errorf("%s: %d rows have the pasted ids", story.Name, n)
			}
		}
	}
	if pasted == 0 {
		t.Error("no story pastes an error page")
	}
}

// A story that changes the tenant changes it back.
func TestStoriesCleanUp(t *testing.T) {
	t.Parallel()
	s := start(t, sandbox.Options{})
	for _, story := range sandbox.StoriesAt(noon) {
		if story.Before == nil {
			continue
		}
		story.Before(s.Sandbox)
		if a := s.graph("GET", reportPath, ""); a.status == 200 {
			t.Errorf("%s: the log can be read before, during and after", story.Name)
		}
		story.After(s.Sandbox)
		s.graph("GET", reportPath, "").want(t, 200, "", story.Name)
	}
}

func TestTheSampleLogHasEachRowOnce(t *testing.T) {
	t.Parallel()
	s := start(t, sandbox.Options{})
	ids, policies := map[any]bool{}, map[any]bool{}
	for _, p := range s.Tenant().Policies() {
		policies[p.ID] = true
	}
	for _, person := range s.Tenant().People() {
		for _, row := range s.rowsOf(person) {
			if ids[row["id"]] {
				t.Errorf("row %v is there twice", row["id"])
			}
			ids[row["id"]] = true
			applied, _ := row["appliedConditionalAccessPolicies"].([]any)
			for _, a := range applied {
				if o, _ := a.(map[string]any); !policies[o["id"]] {
					t.Errorf("row %v names the unknown policy %v", row["id"], o["displayName"])
				}
			}
		}
	}
	if len(ids) == 0 {
		t.Error("the log is empty")
	}
}

func TestPeopleOfTheTenant(t *testing.T) {
	t.Parallel()
	s := start(t, sandbox.Options{})
	added := s.Tenant().AddPerson(sandbox.Person{UPN: "New.Here@contoso.com"})
	if added.ID == "" || added.Name == "" || added.Mail == "" || added.Locale == "" || added.Timezone == "" || added.Country == "" {
		t.Errorf("the person lacks something: %+v", added)
	}
	for _, name := range []string{added.ID, "new.here@CONTOSO.com"} {
		if p := s.Tenant().MustPerson(name); p != added {
			t.Errorf("%s is %+v", name, p)
		}
	}
	defer func() {
		if recover() == nil {
			t.Error("somebody unknown was found")
		}
	}()
	s.Tenant().MustPerson("nobody@contoso.com")
}
