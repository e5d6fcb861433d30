using System.IO.Pipelines;
using SpeechStream.Audio;
using SpeechStream.Audio.Intake;
using SpeechStream.Audio.Replay;
using SpeechStream.Audio.Sending;

namespace SpeechStream.Tests.Audio;

public sealed class AudioIntakeTests
{
    private readonly ReplayBuffer _buffer;
    private readonly AudioIntake _audio;

    public AudioIntakeTests()
    {
        _buffer = BufferUnderTest.BufferOf(new AudioRate(16000), null, capacity: 10_000, new ManualTimeProvider());
        _audio = new AudioIntake(_buffer, new IntakeHead(null), pauseThreshold: 4_000, new Signal(runContinuationsAsynchronously: false), runContinuationsAsynchronously: false);
    }

    [Fact]
    public void TryAppend_takes_nothing_after_the_end()
    {
        _buffer.Complete();

        _buffer.TryAppend(new byte[100], out _).Should().BeFalse();
        _buffer.End.Should().Be(0);
    }

    [Fact]
    public void A_hole_at_the_end_is_reported_before_the_end_is_seen()
    {
        var isCompleted = new List<bool>();
        _audio.Dropped += _ => isCompleted.Add(_buffer.IsCompleted);
        _audio.TryWrite(new byte[9_999]).Should().BeTrue();
        _audio.TryWrite(new byte[101]).Should().BeFalse();

        _audio.Complete();

        isCompleted.Should().Equal(false);
        (_buffer.IsCompleted, _buffer.End).Should().Be((true, 10_100));
    }

    [Fact]
    public void Half_a_sample_before_unused_memory_is_trimmed_at_the_end()
    {
        var cursor = _buffer.OpenCursor();
        Write(3_201);
        _ = _audio.GetMemory(20_000);

        _audio.Complete();
        cursor.Take(new byte[4_000]);

        _buffer.End.Should().Be(3_200);
        cursor.IsDrained.Should().BeTrue();
    }

    [Fact]
    public void A_flush_does_not_wait_while_little_is_unsent()
    {
        _buffer.OpenCursor();

        Write(4_000).IsCompletedSuccessfully.Should().BeTrue();
    }

    [Fact]
    public void While_connected_a_flush_waits_above_the_threshold()
    {
        var cursor = _buffer.OpenCursor();
        var flush = Write(4_002);
        flush.IsCompleted.Should().BeFalse();

        cursor.Take(new byte[3_200]);
        _audio.ReleaseFlushIfRoom();

        flush.IsCompletedSuccessfully.Should().BeTrue();
    }

    [Fact]
    public void Offline_a_flush_waits_only_when_the_buffer_is_full()
    {
        Write(9_998).IsCompleted.Should().BeTrue();
        Write(2).IsCompleted.Should().BeFalse();
    }

    [Fact]
    public void A_flush_that_waits_offline_still_waits_after_the_connect()
    {
        var flush = Write(10_000);
        _buffer.OpenCursor();
        _audio.ReleaseFlushIfRoom();

        flush.IsCompleted.Should().BeFalse("the connection hasn't sent anything yet");
    }

    [Fact]
    public void A_loss_releases_a_waiting_flush_if_the_buffer_has_room()
    {
        var cursor = _buffer.OpenCursor();
        var flush = Write(5_000);
        cursor.Rewind(default(TaskRemainder) with { GivenUp = [] });
        _audio.ReleaseFlushIfRoom();

        flush.IsCompletedSuccessfully.Should().BeTrue();
    }

    [Fact]
    public async Task CancelPendingFlush_cancels_the_flush_and_keeps_its_bytes()
    {
        var flush = Write(10_000);
        _audio.CancelPendingFlush();

        (await flush).IsCanceled.Should().BeTrue();
        _buffer.Unsent.Should().Be(10_000);
    }

    [Fact]
    public async Task CancelPendingFlush_without_a_wait_cancels_one_next_flush()
    {
        _audio.CancelPendingFlush();

        (await Write(2)).IsCanceled.Should().BeTrue();
        (await Write(2)).IsCanceled.Should().BeFalse();
    }

    [Fact]
    public async Task A_canceled_flush_throws_its_token_and_keeps_its_bytes()
    {
        using var source = new CancellationTokenSource();
        var flush = Write(10_000, source.Token);
        source.Cancel();

        var thrown = await flush.Awaiting(waiting => waiting).Should().ThrowAsync<OperationCanceledException>();
        thrown.Which.CancellationToken.Should().Be(source.Token);
        _buffer.Unsent.Should().Be(10_000);
    }

    [Fact]
    public async Task After_a_canceled_flush_the_next_one_works()
    {
        using var source = new CancellationTokenSource();
        var canceled = Write(10_000, source.Token);
        source.Cancel();
        await canceled.Awaiting(waiting => waiting).Should().ThrowAsync<OperationCanceledException>();

        var flush = _audio.FlushAsync().AsTask();
        flush.IsCompleted.Should().BeFalse();
        _buffer.OpenCursor().Take(new byte[9_600]);
        _audio.ReleaseFlushIfRoom();
        (await flush).IsCanceled.Should().BeFalse();
    }

    [Fact]
    public void A_token_canceled_before_the_flush_cancels_it()
    {
        using var source = new CancellationTokenSource();
        source.Cancel();

        Write(2, source.Token).IsCanceled.Should().BeTrue();
        _buffer.Unsent.Should().Be(2);
    }

    [Fact]
    public void A_second_flush_while_one_waits_is_refused()
    {
        _ = Write(10_000);

        Action second = () => _ = _audio.FlushAsync().AsTask();
        second.Should().Throw<InvalidOperationException>();
    }

    [Fact]
    public async Task The_end_of_the_session_completes_all_flushes()
    {
        var flush = Write(10_000);
        _audio.End();

        (await flush).IsCompleted.Should().BeTrue();
        (await _audio.FlushAsync()).IsCompleted.Should().BeTrue();
        _buffer.Unsent.Should().Be(10_000);
    }

    [Fact]
    public void Unflushed_bytes_are_counted()
    {
        _audio.GetMemory(10);
        _audio.Advance(7);
        _audio.CanGetUnflushedBytes.Should().BeTrue();
        _audio.UnflushedBytes.Should().Be(7);
        _ = _audio.FlushAsync().AsTask();
        _audio.UnflushedBytes.Should().Be(0);
    }

    [Fact]
    public void More_than_was_handed_out_cannot_be_committed()
    {
        var memory = _audio.GetMemory(10);

        _audio.Invoking(audio => audio.Advance(memory.Length + 1)).Should().Throw<ArgumentOutOfRangeException>();
    }

    [Fact]
    public void Memory_is_at_least_as_large_as_requested()
    {
        _audio.GetMemory().Length.Should().BePositive();
        _audio.GetMemory(100_000).Length.Should().BeGreaterThanOrEqualTo(100_000);
        _audio.Invoking(audio => audio.GetMemory(-1)).Should().Throw<ArgumentOutOfRangeException>();
    }

    [Fact]
    public void Spans_may_use_the_whole_buffer_while_connected()
    {
        _buffer.OpenCursor();

        _audio.TryWrite(new byte[10_000]).Should().BeTrue();
        _audio.TryWrite(new byte[2]).Should().BeFalse();
    }

    [Fact]
    public void After_spans_were_used_the_writer_is_refused()
    {
        _audio.TryWrite(new byte[2]);
        _audio.Invoking(audio => audio.GetMemory(2)).Should().Throw<InvalidOperationException>();
        _audio.Invoking(audio => audio.Complete()).Should().NotThrow("completing is always allowed");
    }

    [Fact]
    public void After_the_writer_was_used_spans_are_refused()
    {
        _ = Write(2);
        _audio.Invoking(audio => audio.TryWrite(new byte[2])).Should().Throw<InvalidOperationException>();
    }

    [Fact]
    public void Completing_twice_is_harmless()
    {
        _audio.Complete();
        _audio.Complete(new InvalidOperationException());

        _buffer.IsCompleted.Should().BeTrue();
    }

    [Fact]
    public void Completing_with_an_exception_fails_the_session_with_it()
    {
        Exception? failure = null;
        _audio.Failed += error => failure = error;
        var error = new IOException("The microphone was unplugged.");

        _audio.Complete(error);

        failure.Should().BeSameAs(error);
    }

    private Task<FlushResult> Write(int bytes, CancellationToken cancellationToken = default)
    {
        _audio.GetSpan(bytes)[..bytes].Fill(1);
        _audio.Advance(bytes);
        return _audio.FlushAsync(cancellationToken).AsTask();
    }
}
