package cards

import (
	"signpost/signins"
	"signpost/words"
)

// CheckingCard says that the work has begun. The answer takes its place.
func CheckingCard(s words.Speaker, account string) Card {
	return finish(s, s.Say("checking.summary"), []element{
		title(s.Say("checking.title")),
		paragraph(s.Say("checking.text", words.Facts{"Account": account})),
	})
}

// HelpCard says what signpost can do and what it can see.
func HelpCard(s words.Speaker) Card {
	return finish(s, s.Say("help.summary"), []element{
		title(s.Say("help.title")),
		paragraph(s.Say("help.text")),
		line("- " + s.Say("help.check")),
		line("- " + s.Say("help.help")),
		paragraph(s.Say("help.who")),
		subtle(s.Say("help.sees")),
	})
}

// WelcomeCard greets on installation.
func WelcomeCard(s words.Speaker) Card {
	return finish(s, s.Say("welcome.summary"), []element{
		title(s.Say("welcome.title")),
		paragraph(s.Say("welcome.text")),
		subtle(s.Say("help.sees")),
	})
}

// RefusedCard says that a question may not be answered. why is the id of the sentence that says why.
func RefusedCard(s words.Speaker, why string) Card {
	return finish(s, s.Say("refused.title"), []element{title(s.Say("refused.title")), paragraph(s.Say(why))})
}

// FailureCard says why the log could not be read, and lets the person try again.
func FailureCard(s words.Speaker, about Subject, f *signins.Failure) Card {
	heading := s.Say("failure.title")
	if f.Reason == signins.ReasonAccountNotFound {
		heading = s.Say("failure.account-not-found.title")
	}
	facts := words.Facts{"Account": about.Account, "Permission": f.Permission}
	return problemCard(s, about, heading, s.Say("failure."+string(f.Reason), facts))
}

// ParkedCard says that signpost itself failed.
func ParkedCard(s words.Speaker, about Subject) Card {
	return problemCard(s, about, s.Say("failure.title"), s.Say("failure.parked"))
}

func problemCard(s words.Speaker, about Subject, heading, text string) Card {
	return finish(s, heading, []element{
		title(heading),
		subtle(aboutLine(s, about)),
		paragraph(text),
		subtle(s.Say("answer.reference", words.Facts{"Reference": about.Reference})),
	}, button(s.Say("button.again"), VerbAgain, about.Reference), button(s.Say("button.not-it"), VerbNotIt, about.Reference))
}
