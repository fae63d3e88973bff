// Signpost is a Microsoft Teams bot that finds out why onboarding a Microsoft service failed.
//
// A person says that onboarding failed; signpost reads that account's Microsoft Entra sign-in log through Microsoft
// Graph and answers with the cause, the next step and who can help. A message travels one way through the folders:
//
//	bot       the Teams edge: verify, bound and decode what comes in, post what goes out
//	queue     durable jobs; a turn is answered 2xx only once it is stored here
//	handlers  what happens on each kind of turn, and who may ask about whom
//	intake    what does the text say?
//	signins   the sign-in log, from Microsoft Graph or from an exported file
//	diagnosis facts in, finding out; pure
//	words     the finding in a person's language
//	cards     the words on an Adaptive Card
//
// This folder holds the command line and the wiring. ARCHITECTURE.md tells the rest.
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/alecthomas/kong"

	"signpost/bot"
)

// version is set by the linker for a release.
var version = "dev"

// commandLine is what can be typed. Each command runs itself.
type commandLine struct {
	Serve    serveCommand    `cmd:"" help:"Run the bot."`
	Demo     demoCommand     `cmd:"" help:"Play conversations with the whole bot against a sandbox; needs no tenant."`
	Diagnose diagnoseCommand `cmd:"" help:"Find the cause in a sign-in log that was exported from Entra."`
	Package  packageCommand  `cmd:"" help:"Write the app package that an administrator uploads to Teams."`

	Version kong.VersionFlag `help:"Print the version."`
}

func main() {
	if err := run(context.Background(), os.Args[1:], streams{os.Stdin, os.Stdout, os.Stderr}); err != nil {
		fmt.Fprintln(os.Stderr, "signpost:", err)
		os.Exit(1)
	}
}

// streams are where a command reads and writes.
type streams struct {
	in       *os.File
	out, err io.Writer
}

// untilStopped returns a context that ends with Ctrl-C or SIGTERM, for commands that have something to bring to an end.
func untilStopped(ctx context.Context) (context.Context, context.CancelFunc) {
	return signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
}

// run parses and runs one command.
func run(ctx context.Context, args []string, std streams) error {
	var cli commandLine
	parser, err := kong.New(&cli,
		kong.Name("signpost"),
		kong.Description("Finds out why onboarding a Microsoft service failed."),
		kong.Vars{"version": version, "clouds": strings.Join(bot.CloudNames(), ", "), "products": productNames(), "stories": storyNames()},
		kong.UsageOnError(),
		kong.ConfigureHelp(kong.HelpOptions{WrapUpperBound: 110}),
		kong.Writers(std.out, std.err),
		kong.Bind(std),
		kong.BindTo(ctx, (*context.Context)(nil)),
	)
	if err != nil {
		return err
	}
	chosen, err := parser.Parse(args)
	if err != nil {
		return err
	}
	return chosen.Run()
}
