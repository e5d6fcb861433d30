using System.Diagnostics;
using SpeechStream.Fleet.Database;
using SpeechStream.Fleet.Places;
using SpeechStream.Fleet.Recordings;
using SpeechStream.Fleet.Tests.Engines;

namespace SpeechStream.Fleet.Tests.Chaos;

/// <summary>How many final results a second each database takes. 200 sessions give about 67.</summary>
[Collection(nameof(Alone))]
public sealed class ThroughputTests
{
    private const int Sessions = 50;
    private const int Finals = 40;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task More_final_results_are_stored_than_200_sessions_give(bool isPostgres)
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable("SPEECHSTREAM_LONG") == "1", "Measures the machine: set SPEECHSTREAM_LONG=1.");
        Assert.SkipWhen(isPostgres && PostgresServer.Missing is not null, PostgresServer.Missing ?? "");
        await using var server = isPostgres ? await PostgresServer.StartAsync() : null;
        var folder = Directory.CreateTempSubdirectory("speechstream-throughput-");
        await using (var database = FleetDatabase.Open(server?.Address ?? $"sqlite:{Path.Combine(folder.FullName, "fleet.db")}", TimeProvider.System))
        {
            await new Schema(database).InitializeAsync(new FleetSettings { Quota = Sessions, Lease = TimeSpan.FromMinutes(5) }, default);
            await new JobTable(database).SubmitAsync([.. Enumerable.Range(0, Sessions).Select(number => new Recording($"{number}", new Uri($"file:///{number}")))], default);
            var time = Stopwatch.StartNew();
            await Task.WhenAll(Enumerable.Range(0, Sessions).Select(_ => Task.Run(() => AppendAsync(database))));

            var rate = Sessions * Finals / time.Elapsed.TotalSeconds;
            TestContext.Current.TestOutputHelper?.WriteLine(FormattableString.Invariant($"{(isPostgres ? "PostgreSQL" : "SQLite")}: {rate:0} final results a second"));
            rate.Should().BeGreaterThan(67);
        }

        folder.Delete(recursive: true);
    }

    private static async Task AppendAsync(FleetDatabase database)
    {
        Claim? claim = null;
        while (claim is null)
        {
            claim = await new ClaimTable(database).ClaimAsync("w", default);
        }

        for (var index = 1; index <= Finals; index++)
        {
            var sentence = new SentenceEnd { Index = index, Time = TimeSpan.FromSeconds(index), Text = "This is what was said, in a sentence of average length." };
            (await new TranscriptTable(database).AppendAsync(claim, index - 1, sentence, default)).Should().BeTrue();
        }
    }
}
