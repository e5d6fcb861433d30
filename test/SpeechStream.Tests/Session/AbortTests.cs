using System.Runtime.CompilerServices;
using SpeechStream.Tests.Simulation;

namespace SpeechStream.Tests.Session;

/// <summary>What an early end leaves behind: no timer, no exception that nobody looks at, and a success that came before it.</summary>
public abstract class AbortTests : BothServices
{
    private protected AbortTests(SpeechService service)
        : base(service)
    {
    }

    [Fact]
    public void An_abort_during_the_close_handshake_ends_it_and_leaves_the_success()
    {
        using var run = Simulated.Scripted(1);
        run.Service.Connections[0].HoldsGoodbye = true;
        run.Session.Audio.Complete();
        run.Settle();
        run.Events[^1].Should().BeOfType<TranscriptionCompleted>("the consumer doesn't wait for the close handshake");
        run.Session.Completion.IsCompleted.Should().BeFalse();

        run.CancelConsumer();
        run.Settle();

        run.Thrown.Should().BeNull();
        run.Events[^1].Should().BeOfType<ChannelClosed>();
        run.Summary.Drained.Should().BeTrue();
        run.Summary.Error.Should().BeNull();
    }

    [Fact]
    public void An_abort_while_audio_waits_for_its_time_leaves_no_timer()
    {
        using var run = new Simulated(Fate.Sequence(new Fate { Deaf = true }));
        run.StartNow();
        run.Write(LossOracle.Speech(3 * 32_000, 1));
        run.Service.StopTimers();
        run.Clock.ActiveTimers.Should().BeGreaterThan(0);

        run.Session.Dispose();

        run.Clock.ActiveTimers.Should().Be(0);
    }

    [Fact]
    public void A_session_that_fails_before_its_start_leaves_no_unobserved_exception()
    {
        var unobserved = 0;
        EventHandler<UnobservedTaskExceptionEventArgs> count = (_, failed) =>
            Interlocked.Add(ref unobserved, failed.Exception.ToString().Contains("never started", StringComparison.Ordinal) ? 1 : 0);
        TaskScheduler.UnobservedTaskException += count;
        try
        {
            FailUnstarted();
            for (var round = 0; round < 3; round++)
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
            }
        }
        finally
        {
            TaskScheduler.UnobservedTaskException -= count;
        }

        unobserved.Should().Be(0);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void FailUnstarted()
    {
        using var run = new Simulated();
        run.Session.Audio.Complete(new IOException("never started"));
        run.Session.Completion.IsCompletedSuccessfully.Should().BeTrue();
    }
}

public sealed class AbortTestsWithNls() : AbortTests(SpeechService.Nls);

public sealed class AbortTestsWithDashScope() : AbortTests(SpeechService.DashScope);
