using Microsoft.Extensions.Logging.Abstractions;
using SpeechStream.Cli;
using SpeechStream.Cli.FleetCommands;
using SpeechStream.Cli.Inputs;
using SpeechStream.Cli.Output;
using SpeechStream.Fleet.Database;

namespace SpeechStream.Fleet.Tests.Work;

/// <summary>The files that <c>speechstream fleet run</c> writes.</summary>
public sealed class RunFileTests
{
    [Fact]
    public async Task A_transcript_is_written_although_the_database_was_away_when_it_was_read()
    {
        await using var fixture = await WorkerFixture.StartAsync();
        await fixture.SubmitAsync("a.wav", 10);
        await fixture.RunAsync();
        var database = new DatabaseAwayOnce(FleetDatabase.Open(fixture.Address, TimeProvider.System));
        await using var fleet = new SpeechFleet(database, TimeProvider.System, NullLogger.Instance);
        var context = new FleetContext(new Surroundings
        {
            Output = TextWriter.Null,
            Error = TextWriter.Null,
            OpenInput = () => Stream.Null,
            Variable = _ => null,
            TerminalWidth = () => null,
            ErrorWidth = () => null,
            Clock = TimeProvider.System,
        });
        var inputs = new Dictionary<string, Input> { ["a.wav"] = new(fixture.In("a.wav"), fixture.In("a")) };

        // The work is over when the read has failed, so that there is one more round.
        await RunCommand.WriteAsync(fleet, context, inputs, new FleetTranscripts(fleet, context, [OutputFormat.Text]), database.WasAway, default).WaitAsync(WorkerFixture.Limit);

        File.ReadAllLines(fixture.In("a.text")).Should().HaveCount(5);
    }

    /// <summary>Fails the first read of a transcript, as a database does that restarts.</summary>
    private sealed class DatabaseAwayOnce(FleetDatabase database) : FleetDatabase
    {
        private readonly TaskCompletionSource _wasAway = new();

        public Task WasAway => _wasAway.Task;

        public override Dialect Dialect => database.Dialect;

        public override Task<T> RunAsync<T>(Func<Statements, Task<T>> work, CancellationToken cancellationToken) =>
            typeof(T) == typeof(IReadOnlyList<SentenceEnd>) && _wasAway.TrySetResult() ? throw new FleetException("It is away.") { IsTransient = true } : database.RunAsync(work, cancellationToken);

        public override ValueTask DisposeAsync() => database.DisposeAsync();
    }
}
