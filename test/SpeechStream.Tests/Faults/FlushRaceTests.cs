using System.Buffers;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.IO.Pipelines;
using SpeechStream.Tests.Simulation;

namespace SpeechStream.Tests.Faults;

/// <summary>The end of a flush's wait races with the next flush, and with its cancellation. The threads are real, and the rounds are counted.</summary>
public abstract class FlushRaceTests : BothServices
{
    private protected FlushRaceTests(SpeechService service)
        : base(service)
    {
    }

    private const string InOwnProcess = "SPEECHSTREAM_FLUSH_RACE";

    /// <remarks>What is thrown on a thread of the pool ends the process: so the race is in a process of its own, which runs this test again.</remarks>
    [Fact]
    public async Task Flushes_that_nobody_awaits_do_not_end_the_process()
    {
        if (Environment.GetEnvironmentVariable(InOwnProcess) is not null)
        {
            await RaceAsync();
            return;
        }

        var own = Environment.ProcessPath!;
        string[] program = Path.GetFileNameWithoutExtension(own) == "dotnet" ? [typeof(FlushRaceTests).Assembly.Location] : [];
        string[] filter = ["--filter-method", $"*.{nameof(Flushes_that_nobody_awaits_do_not_end_the_process)}"];
        var start = new ProcessStartInfo(own, [.. program, .. filter]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment[InOwnProcess] = "1";

        // Mutation testing asks one process which code a test covers; two would answer each other's questions.
        start.Environment.Remove("STRYKER_COVERAGE_FILE");
        start.Environment.Remove("STRYKER_COVERAGE_EPOCH_FILE");
        using var process = Process.Start(start)!;
        var said = Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        process.ExitCode.Should().Be(0, "it said: {0}", string.Join('\n', await said));
    }

    [Fact]
    public async Task A_canceled_flush_is_never_lost()
    {
        const int rounds = 4_000;
        var audio = FullSession().Audio;
        var (lost, started, ended) = (0, 0, 0);
        var source = new CancellationTokenSource();
        var canceling = OwnThread.RunAsync("canceling", () =>
        {
            for (var round = 1; round <= rounds; round++)
            {
                Meet(ref started, round);
                source.Cancel();
                Volatile.Write(ref ended, round);
            }
        });
        for (var round = 1; round <= rounds; round++)
        {
            source = new CancellationTokenSource();
            var flush = audio.FlushAsync(source.Token).AsTask();
            Volatile.Write(ref started, round);
            Thread.SpinWait(round % 40);
            audio.CancelPendingFlush();
            Meet(ref ended, round);
            lost += await IsLostAsync(flush, audio) ? 1 : 0;
        }

        await canceling;
        lost.Should().Be(0, "of {0} cancellations", rounds);
    }

    /// <summary>Waits for the other thread without letting go of the processor, so that both act at the same time.</summary>
    private static void Meet(ref int place, int round)
    {
        while (Volatile.Read(ref place) != round)
        {
            Thread.SpinWait(1);
        }
    }

    /// <summary>The flush was canceled, or else the next one is.</summary>
    private static async Task<bool> IsLostAsync(Task<FlushResult> flush, PipeWriter audio)
    {
        try
        {
            (await flush).IsCanceled.Should().BeTrue("nothing but the two cancellations ends it");
            return false;
        }
        catch (OperationCanceledException)
        {
            // The token was first.
        }

        var next = audio.FlushAsync(CancellationToken.None).AsTask();
        var isLost = !next.IsCompleted;
        if (isLost)
        {
            audio.CancelPendingFlush();
        }

        (await next).IsCanceled.Should().BeTrue();
        return isLost;
    }

    private static async Task RaceAsync()
    {
        const int rounds = 20_000;
        var audio = FullSession().Audio;
        using var both = new Barrier(2);
        var releasing = OwnThread.RunAsync("releasing", () =>
        {
            for (var round = 0; round < rounds; round++)
            {
                both.SignalAndWait();
                audio.CancelPendingFlush();
            }
        });
        for (var round = 0; round < rounds; round++)
        {
            FlushAndForget(audio);
            both.SignalAndWait();
            FlushAndForget(audio);
            audio.CancelPendingFlush();
        }

        await releasing;
    }

    /// <summary>A session whose every flush waits: it isn't started, and its window is full.</summary>
    private static TranscriptionSession FullSession()
    {
        var session = new Threaded(options => options.ReplayWindow = TimeSpan.FromSeconds(1)).Client.CreateSession();
        session.Audio.Write(LossOracle.Speech(32_000, 1));
        return session;
    }

    /// <summary>As a capture callback does it. A flush that finds another one waiting throws, and that is the caller's to see.</summary>
    [SuppressMessage("Reliability", "CA2012", Justification = "What is tested is the caller that doesn't await.")]
    private static void FlushAndForget(PipeWriter audio)
    {
        try
        {
            _ = audio.FlushAsync();
        }
        catch (InvalidOperationException)
        {
            // The flush before is still in flight.
        }
    }
}

public sealed class FlushRaceTestsWithNls() : FlushRaceTests(SpeechService.Nls);

public sealed class FlushRaceTestsWithDashScope() : FlushRaceTests(SpeechService.DashScope);
