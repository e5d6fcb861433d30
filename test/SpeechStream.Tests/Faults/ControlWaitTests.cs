using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using SpeechStream.Tests.Simulation;

namespace SpeechStream.Tests.Faults;

/// <summary>What becomes of a control message whose session ends.</summary>
public abstract class ControlWaitTests : BothServices
{
    private protected ControlWaitTests(SpeechService service)
        : base(service)
    {
    }

    private static Dictionary<string, JsonNode?> Payload => new() { [Controlled.Parameter] = 500 };

    [Fact]
    public void A_canceled_wait_leaves_no_unobserved_exception()
    {
        var unobserved = 0;
        EventHandler<UnobservedTaskExceptionEventArgs> handler = (_, args) =>
            unobserved += args.Exception.InnerExceptions.Any(inner => (inner.InnerException ?? inner) is UnpluggedException) ? 1 : 0;
        TaskScheduler.UnobservedTaskException += handler;
        try
        {
            EndWithCanceledControl();
            for (var i = 0; i < 3; i++)
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
            }
        }
        finally
        {
            TaskScheduler.UnobservedTaskException -= handler;
        }

        unobserved.Should().Be(0);
    }

    [Fact]
    public async Task After_a_failure_ControlAsync_is_an_invalid_operation()
    {
        using var run = Simulated.Scripted(1);
        run.Service.Lose(40000003);
        run.Settle();
        run.Thrown.Should().BeOfType<SpeechServiceException>();

        await run.Awaiting(simulated => simulated.Session.ControlAsync(Payload)).Should().ThrowAsync<InvalidOperationException>();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void EndWithCanceledControl()
    {
        using var run = new Simulated(Fate.Sequence(new Fate { BlackHole = true }));
        run.StartNow();
        using var source = new CancellationTokenSource();
        var control = run.Session.ControlAsync(Payload, source.Token);
        source.Cancel();
        control.IsCanceled.Should().BeTrue();
        run.Session.Audio.Complete(new UnpluggedException());
        run.Settle();
        run.IsOver.Should().BeTrue();
    }

    private sealed class UnpluggedException : Exception;
}

public sealed class ControlWaitTestsWithNls() : ControlWaitTests(SpeechService.Nls);

public sealed class ControlWaitTestsWithDashScope() : ControlWaitTests(SpeechService.DashScope);
