using System.CommandLine;
using SpeechStream.Fleet;

namespace SpeechStream.Cli.FleetCommands;

/// <summary><c>speechstream fleet</c>: recordings on one machine or many, under one quota.</summary>
internal static class FleetCommand
{
    private const string Description =
        """
        Transcribe archives on one machine or many, under the quota of sessions of one account. Everything is kept in a database: an SQLite file for one machine,
        PostgreSQL for many. Workers may be killed at any time: others go on at the last final, and each transcript has each sentence once.

        On one machine:
          speechstream fleet run FOLDER --output DIR

        On many machines:
          export SPEECHSTREAM_FLEET=postgres://user:password@host/database
          speechstream fleet init --quota 200            (once)
          speechstream fleet submit '/archive/**/*.wav'  (from anywhere)
          speechstream fleet work                        (on each machine)
          speechstream fleet status

        An ADDRESS is sqlite:PATH, or postgres://user:password@host:port,host2:port/database?sslmode=require, with percent-escapes. SPEECHSTREAM_FLEET in the
        environment gives it, too, so that others on the machine don't see the password. The account and its keys come from the same options and environment as with transcribe.
        """;

    public static Command Create(Surroundings surroundings)
    {
        var context = new FleetContext(surroundings);
        return new Command("fleet", Description)
        {
            context.Address,
            InitCommand.Create(context),
            SubmitCommand.Create(context),
            WorkCommand.Create(context),
            StatusCommand.Create(context),
            JobCommands.List(context),
            TranscriptCommand.Create(context),
            JobCommands.Retry(context),
            JobCommands.Cancel(context),
            JobCommands.Forget(context),
            InitCommand.Quota(context),
            RunCommand.Create(context),
        };
    }
}
