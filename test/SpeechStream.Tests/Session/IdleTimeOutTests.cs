using SpeechStream.Tests.Simulation;

namespace SpeechStream.Tests.Session;

/// <summary>The service gives a task up that gets no audio. With all audio sent nothing is wrong.</summary>
public abstract class IdleTimeOutTests : BothServices
{
    private protected IdleTimeOutTests(SpeechService service)
        : base(service)
    {
    }

    public static TheoryData<int> Codes => [40000004, 41040201, 41010120];

    [Theory]
    [MemberData(nameof(Codes))]
    public void After_an_idle_time_out_the_session_waits_for_new_audio(int code)
    {
        using var run = Idle(code);
        run.Advance(TimeSpan.FromMinutes(10));
        run.Service.Handshakes.Should().ContainSingle("there is nothing to be sent");
        run.Events.OfType<Reconnecting>().Should().BeEmpty();

        run.Write(LossOracle.Speech(32_000, 2));
        run.Settle();

        run.All<Reconnecting>().Should().ContainSingle().Which.Cause.Should().BeOfType<SpeechServiceException>().Which.Code().Should().Be(FailureCode.Of(code));
        run.All<Reconnected>().Should().ContainSingle().Which.ResumedAt.Should().Be(TimeSpan.FromSeconds(1));
        run.Service.SayEnd(1, 0, 1000);
        run.Settle();
        run.All<SentenceEnd>()[^1].Time.Should().Be(TimeSpan.FromSeconds(2));
    }

    [Fact]
    public void A_final_that_comes_together_with_the_idle_time_out_is_read_before_there_is_new_audio()
    {
        using var run = Simulated.Scripted(1);
        run.Advance(9);
        run.Service.Connections[0].DeliverTogether(() =>
        {
            run.Service.SayEnd(1, 0, 1000);
            run.Service.Lose(40000004);
        });
        run.Settle();

        run.All<SentenceEnd>().Should().ContainSingle();
        run.Service.Handshakes.Should().ContainSingle("the session waits for new audio");
    }

    [Theory]
    [MemberData(nameof(Codes))]
    public void Completing_the_audio_ends_the_wait_for_new_audio(int code)
    {
        using var run = Idle(code);
        run.Advance(60);
        run.Session.Audio.Complete();
        run.Settle();

        run.IsOver.Should().BeTrue();
        run.Thrown.Should().BeNull();
        run.Service.Handshakes.Should().HaveCount(2);
        run.Summary.Drained.Should().BeTrue();
    }

    [Fact]
    public void The_stop_ends_the_wait_for_new_audio()
    {
        using var run = Idle(40000004);
        var stopped = run.Session.StopAsync();
        run.Settle();

        stopped.IsCompletedSuccessfully.Should().BeTrue();
        run.Summary.Drained.Should().BeTrue();
    }

    [Fact]
    public void Disposing_ends_the_wait_for_new_audio()
    {
        using var run = Idle(40000004);
        run.Session.Dispose();
        run.Settle();

        run.Thrown.Should().BeOfType<ObjectDisposedException>();
    }

    [Fact]
    public void Unacknowledged_audio_is_replayed_before_new_audio()
    {
        using var run = Simulated.Scripted(2);
        run.Service.SayEnd(1, 0, 500);
        run.Service.Lose(40000004);
        run.Settle();
        run.Write(LossOracle.Speech(32_000, 2));
        run.Settle();

        run.All<Reconnected>().Should().ContainSingle().Which.ResumedAt.Should().Be(TimeSpan.FromSeconds(0.5));
        run.Service.AudioMessages.Where(message => message.Connection == run.Service.Connections[1]).Sum(message => message.Bytes).Should().Be(80_000);
    }

    [Fact]
    public void Repeated_idle_time_outs_cost_no_attempt()
    {
        using var run = Simulated.Scripted(1, options => options.MaxReconnectAttempts = 1);
        for (var i = 0; i < 10; i++)
        {
            run.Advance(6);
            run.Service.Lose(40000004);
            run.Settle();
            run.Write(LossOracle.Speech(32_000, i));
            run.Settle();
        }

        run.IsOver.Should().BeFalse();
        run.All<Reconnected>().Should().HaveCount(10);
    }

    [Fact]
    public void An_idle_time_out_with_unsent_audio_uses_up_an_attempt()
    {
        using var run = Simulated.Scripted(0, options => options.MaxReconnectAttempts = 0, new() { SendRate = 1 });
        run.Write(LossOracle.Speech(320_000, 1));
        run.Service.Lose(40000004);
        run.Settle();

        run.Thrown.Should().BeOfType<SpeechServiceException>().Which.Code().Should().Be(FailureCode.Of(40000004));
    }

    [Fact]
    public void Sent_audio_that_is_not_final_causes_no_reconnect()
    {
        using var run = Simulated.Scripted(1);
        run.Service.SayEnd(1, 0, 500);
        run.Advance(6);
        run.Service.Lose(40000004);
        run.Advance(TimeSpan.FromMinutes(10));
        run.Service.Handshakes.Should().ContainSingle();

        run.Write(LossOracle.Speech(3_200, 2));
        run.Settle();

        run.All<Reconnected>().Should().ContainSingle().Which.ResumedAt.Should().Be(TimeSpan.FromSeconds(0.5));
    }

    private static Simulated Idle(int code)
    {
        var run = Simulated.Scripted(1, options => options.MaxReconnectAttempts = 1);
        run.Service.SayEnd(1, 0, 1000);
        run.Advance(9);
        run.Service.Lose(code);
        run.Settle();
        run.IsOver.Should().BeFalse();
        return run;
    }
}

public sealed class IdleTimeOutTestsWithNls() : IdleTimeOutTests(SpeechService.Nls);

public sealed class IdleTimeOutTestsWithDashScope() : IdleTimeOutTests(SpeechService.DashScope);
