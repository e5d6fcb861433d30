using System.Buffers;
using System.Net.WebSockets;
using SpeechStream.Tests.Simulation;

namespace SpeechStream.Tests.Session;

/// <summary>How a session ends, and in what order it says so.</summary>
public abstract class EndTests : BothServices
{
    private protected EndTests(SpeechService service)
        : base(service)
    {
    }

    private static readonly Fate Deaf = new() { Deaf = true };

    [Fact]
    public async Task The_start_throws_the_failure_of_an_earlier_source()
    {
        using var run = new Simulated();
        var unplugged = new IOException("the microphone is gone");
        run.Session.Audio.Complete(unplugged);

        (await run.Awaiting(simulated => simulated.Start()).Should().ThrowAsync<IOException>()).Which.Should().BeSameAs(unplugged);
    }

    [Fact]
    public void A_graceful_end_is_Completed_then_Closed_and_throws_nothing()
    {
        using var run = Simulated.Scripted(1);
        run.Session.Audio.Complete();
        run.Settle();

        run.Events[^2..].Select(item => item.GetType()).Should().Equal(typeof(TranscriptionCompleted), typeof(ChannelClosed));
        run.Thrown.Should().BeNull();
        run.Session.Completion.IsCompletedSuccessfully.Should().BeTrue();
    }

    [Fact]
    public void Elapsed_counts_from_the_start_of_the_session()
    {
        using var run = new Simulated();
        run.Advance(60);
        _ = run.Start();
        run.Advance(3);
        run.Session.Audio.Complete();
        run.Settle();

        run.Summary.Elapsed.Should().Be(TimeSpan.FromSeconds(3));
    }

    [Fact]
    public void A_fatal_failure_is_TaskFailed_ChannelClosed_then_exception()
    {
        using var run = Simulated.Scripted(1);
        run.Service.Lose(40000003);
        run.Settle();

        run.Events[^2..].Select(item => item.GetType()).Should().Equal(typeof(TaskFailed), typeof(ChannelClosed));
        run.All<TaskFailed>().Should().ContainSingle().Which.Code().Should().Be(FailureCode.Of(40000003));
        run.Thrown.Should().BeOfType<SpeechServiceException>().Which.Code().Should().Be(FailureCode.Of(40000003));
        run.Summary.Error.Should().BeSameAs(run.Thrown);
    }

    [Fact]
    public void Disposing_a_session_that_has_failed_leaves_its_events_to_the_consumer()
    {
        using var run = Simulated.Scripted(1);
        run.ReadsAll = false;
        run.Service.SayEnd(1, 0, 500);
        run.Service.SayEnd(2, 500, 600);
        run.Service.Lose(40000003);
        run.Session.Completion.IsCompletedSuccessfully.Should().BeTrue();

        run.Session.Dispose();
        run.ReadsAll = true;
        run.Settle();

        run.All<SentenceEnd>().Should().HaveCount(2);
        run.Events[^2..].Select(item => item.GetType()).Should().Equal(typeof(TaskFailed), typeof(ChannelClosed));
        run.Thrown.Should().BeOfType<SpeechServiceException>();
    }

    [Fact]
    public void A_failure_that_uses_up_the_attempts_is_reported_once()
    {
        using var run = Simulated.Scripted(1, options => options.MaxReconnectAttempts = 1, fates: [Deaf, new Fate { StartCode = 50000000 }]);
        run.Service.Lose(50000000);
        run.Advance(5);

        run.All<TaskFailed>().Should().ContainSingle();
        run.Thrown.Should().BeOfType<SpeechServiceException>();
    }

    [Fact]
    public void A_session_that_never_connected_ends_with_ChannelClosed_too()
    {
        using var run = new Simulated(Fate.Sequence(new Fate { Refused = true }), options => options.MaxReconnectAttempts = 0);
        run.StartNow();

        run.Events.Should().ContainSingle().Which.Should().BeOfType<ChannelClosed>().Which.TaskId.Should().BeEmpty();
        run.Thrown.Should().BeOfType<SpeechConnectionException>();
    }

    [Fact]
    public void ChannelClosed_and_the_summary_have_the_close_status()
    {
        using var run = Simulated.Scripted(1);
        run.Service.Lose(1008);
        run.Settle();

        run.All<ChannelClosed>().Should().ContainSingle().Which.CloseStatus.Should().Be(WebSocketCloseStatus.PolicyViolation);
        run.Summary.CloseStatus.Should().Be(WebSocketCloseStatus.PolicyViolation);
        run.Thrown.Should().BeOfType<SpeechConnectionException>().Which.CloseStatus.Should().Be(WebSocketCloseStatus.PolicyViolation);
    }

    [Fact]
    public void No_speech_is_a_graceful_end_after_the_stop()
    {
        using var run = Simulated.Scripted(1, fates: Deaf with { NoCompletion = true });
        run.Session.Audio.Complete();
        run.Settle();
        run.Service.Lose(40270002);
        run.Settle();

        run.Thrown.Should().BeNull();
        run.All<TranscriptionCompleted>().Should().ContainSingle();
        run.Events.OfType<TaskFailed>().Should().BeEmpty();
        run.Summary.Drained.Should().BeTrue();
    }

    [Fact]
    public void No_speech_before_the_stop_is_a_failure()
    {
        using var run = Simulated.Scripted(1);
        run.Service.Lose(40270002);
        run.Settle();

        run.Thrown.Should().BeOfType<SpeechServiceException>();
    }

    [Fact]
    public void Completing_with_an_exception_throws_it_after_ChannelClosed()
    {
        var error = new IOException("The microphone was unplugged.");
        using var run = Simulated.Scripted(1);
        run.Service.SayEnd(1, 0, 500);
        run.Session.Audio.Complete(error);
        run.Settle();

        run.All<SentenceEnd>().Should().ContainSingle("what came before is still read");
        run.Events[^1].Should().BeOfType<ChannelClosed>();
        run.Thrown.Should().BeSameAs(error);
        run.Service.Connections[0].IsBroken.Should().BeTrue();
        run.Summary.AudioLost.Should().Be(TimeSpan.FromSeconds(0.5));
    }

    [Fact]
    public void Audio_completed_before_the_start_is_sent_and_drained()
    {
        var audio = LossOracle.Speech(32_000, 1);
        using var run = new Simulated();
        run.Write(audio);
        run.Session.Audio.Complete();
        run.Start();
        run.AdvanceToEnd(TimeSpan.FromSeconds(30));

        LossOracle.Check(run.Events, audio);
    }

    [Fact]
    public void A_session_without_any_audio_ends_gracefully()
    {
        using var run = new Simulated();
        run.Session.Audio.Complete();
        run.StartNow();

        run.Thrown.Should().BeNull();
        run.Events.Select(item => item.GetType()).Should().Equal(typeof(TranscriptionStarted), typeof(TranscriptionCompleted), typeof(ChannelClosed));
        run.Summary.AudioWritten.Should().Be(TimeSpan.Zero);
    }

    [Fact]
    public async Task A_canceled_flush_keeps_its_audio_and_the_session_continues()
    {
        var audio = LossOracle.Speech(4 * 32_000, 1);
        using var source = new CancellationTokenSource();
        using var run = new Simulated();
        _ = run.Start();
        audio.CopyTo(run.Session.Audio.GetSpan(audio.Length));
        run.Session.Audio.Advance(audio.Length);
        var flush = run.Session.Audio.FlushAsync(source.Token).AsTask();
        source.Cancel();
        await flush.Awaiting(waiting => waiting).Should().ThrowAsync<OperationCanceledException>();
        run.Session.Audio.Complete();
        run.AdvanceToEnd(TimeSpan.FromSeconds(30));

        LossOracle.Check(run.Events, audio);
    }

    [Fact]
    public async Task After_the_end_flushes_are_completed_and_spans_refused()
    {
        using var run = Simulated.Scripted(1);
        var other = run.Client.CreateSession();
        run.Session.Dispose();
        other.Dispose();

        (await run.Session.Audio.FlushAsync()).IsCompleted.Should().BeTrue();
        other.TryWriteAudio(new byte[2]).Should().BeFalse();
    }

    [Fact]
    public async Task Audio_written_at_the_end_is_ignored_and_its_flush_completes()
    {
        using var run = Simulated.Scripted(1);
        run.Session.Audio.GetMemory(3_200);
        run.Session.Dispose();
        run.Session.Audio.Advance(3_200);

        (await run.Session.Audio.FlushAsync()).IsCompleted.Should().BeTrue();
        run.Summary.AudioWritten.Should().Be(TimeSpan.FromSeconds(1));
    }

    [Fact]
    public void A_WAV_header_of_another_rate_is_an_argument_exception()
    {
        using var run = Simulated.Scripted(options: new() { Format = AudioFormat.Wav });
        run.Session.Audio.Write(Audio.WaveFile.Riff(0, Audio.WaveFile.Format(sampleRate: 8000), Audio.WaveFile.Data(100)));
        run.Settle();

        run.Events[^1].Should().BeOfType<ChannelClosed>();
        run.Thrown.Should().BeOfType<ArgumentException>().Which.Message.Should().Contain("SampleRate");
    }

    [Fact]
    public void Canceling_the_enumeration_aborts_with_that_token()
    {
        using var run = Simulated.Scripted(1);
        run.CancelConsumer();
        run.Settle();

        run.Thrown.Should().BeOfType<OperationCanceledException>();
        run.Service.Connections[0].IsDisposed.Should().BeTrue();
        run.Service.StopTimers();
        run.Clock.ActiveTimers.Should().Be(0);
    }

    [Fact]
    public void Disposing_the_client_aborts_its_sessions()
    {
        using var run = Simulated.Scripted(1);
        run.Client.Dispose();
        run.Settle();

        run.Thrown.Should().BeOfType<ObjectDisposedException>();
        run.Service.Connections[0].IsDisposed.Should().BeTrue();
    }

    [Fact]
    public void Messages_of_another_task_are_ignored()
    {
        using var run = Simulated.Scripted(1);
        run.Service.Connections[0].Deliver("""{"header":{"name":"SentenceEnd","task_id":"0123456789abcdef0123456789abcdef"},"payload":{"index":1,"time":100,"result":"not ours"}}""");
        run.Settle();

        run.Events.OfType<SentenceEnd>().Should().BeEmpty();
        run.IsOver.Should().BeFalse();
    }
}

public sealed class EndTestsWithNls() : EndTests(SpeechService.Nls);

public sealed class EndTestsWithDashScope() : EndTests(SpeechService.DashScope);
