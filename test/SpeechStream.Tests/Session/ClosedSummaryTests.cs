using SpeechStream.Tests.Simulation;

namespace SpeechStream.Tests.Session;

/// <summary>The last event tells what the session did, also to who has no session to ask.</summary>
public abstract class ClosedSummaryTests : BothServices
{
    private protected ClosedSummaryTests(SpeechService service)
        : base(service)
    {
    }

    [Fact]
    public void The_last_event_has_the_summary_of_the_session()
    {
        using var run = Simulated.Scripted(1);
        run.Service.Lose(40000003);
        run.Settle();

        var summary = run.All<ChannelClosed>().Should().ContainSingle().Which.Summary;

        summary.Should().BeSameAs(run.Summary);
        summary!.AudioLost.Should().Be(TimeSpan.FromSeconds(1));
        summary.Error.Should().BeSameAs(run.Thrown);
    }

    [Fact]
    public void The_summary_takes_no_part_in_the_equality_of_events()
    {
        var closed = new ChannelClosed { TaskId = "task", CloseStatus = System.Net.WebSockets.WebSocketCloseStatus.NormalClosure, CloseDescription = "bye" };
        var withSummary = closed with { Summary = new SessionSummary() };

        withSummary.Should().Be(closed);
        withSummary.GetHashCode().Should().Be(closed.GetHashCode());
    }

    [Fact]
    public void Other_members_of_the_last_event_are_compared()
    {
        var closed = new ChannelClosed { TaskId = "task", CloseStatus = System.Net.WebSockets.WebSocketCloseStatus.NormalClosure, CloseDescription = "bye" };

        (closed with { TaskId = "other" }).Should().NotBe(closed);
        (closed with { CloseStatus = null }).Should().NotBe(closed);
        (closed with { CloseDescription = null }).Should().NotBe(closed);
    }
}

public sealed class ClosedSummaryTestsWithNls() : ClosedSummaryTests(SpeechService.Nls);

public sealed class ClosedSummaryTestsWithDashScope() : ClosedSummaryTests(SpeechService.DashScope);
