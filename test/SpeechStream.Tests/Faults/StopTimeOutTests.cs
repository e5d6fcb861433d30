using Microsoft.Extensions.Logging;
using SpeechStream.Tests.Simulation;

namespace SpeechStream.Tests.Faults;

/// <summary>What the time limit of the stop covers, and what it doesn't.</summary>
public abstract class StopTimeOutTests : BothServices
{
    private protected StopTimeOutTests(SpeechService service)
        : base(service)
    {
    }

    [Fact]
    public void A_completion_read_as_the_stop_times_out_is_a_success()
    {
        using var run = Simulated.Scripted(1, fates: [new Fate { Deaf = true, NoCompletion = true }]);
        run.Session.Audio.Complete();
        run.Settle();
        run.Service.Connections[0].Aborting = () => run.Service.Say("TranscriptionCompleted");
        run.Advance(11);

        run.Thrown.Should().BeNull();
        run.All<TranscriptionCompleted>().Should().ContainSingle();
        run.Summary.Drained.Should().BeTrue();
    }

    [Fact]
    public void StopAsync_keeps_its_limit_and_counts_the_backlog_as_lost()
    {
        using var run = StopWithBacklog(null);

        run.Summary.Drained.Should().BeFalse();
        run.Summary.AudioLost.Should().BeCloseTo(TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(3));
        (run.Summary.AudioFinalized + run.Summary.AudioLost).Should().Be(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public void Audio_that_StopAsync_cannot_send_is_a_warning_in_the_log()
    {
        var log = new RecordedLog();
        using var run = StopWithBacklog(log);

        log.Entries.Should().Contain(entry => entry.Level == LogLevel.Warning && entry.Text.Contains("StopTimeout", StringComparison.Ordinal));
    }

    /// <summary>30 s of audio are captured in a burst, and stopped right after it.</summary>
    private static Simulated StopWithBacklog(RecordedLog? log)
    {
        var run = new Simulated(log: log);
        run.StartNow();
        for (var frame = 0; frame < 300; frame++)
        {
            run.Session.TryWriteAudio(LossOracle.Speech(3_200, frame)).Should().BeTrue();
        }

        var stopped = run.Session.StopAsync();
        run.Advance(10);
        stopped.IsCompletedSuccessfully.Should().BeTrue();
        return run;
    }
}

public sealed class StopTimeOutTestsWithNls() : StopTimeOutTests(SpeechService.Nls);

public sealed class StopTimeOutTestsWithDashScope() : StopTimeOutTests(SpeechService.DashScope);
