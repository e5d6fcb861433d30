using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using SpeechStream.Audio.Replay;

namespace SpeechStream.Audio.Intake;

/// <summary>The <see cref="PipeWriter"/> that the caller writes audio to. It lends the memory of the <see cref="ReplayBuffer"/>, so that the audio isn't copied.</summary>
/// <remarks>
/// There is no pipe between the caller and the buffer: it would copy each byte once more, need a task, and grow without limit when it is read only in part.
/// As with every pipe writer, one thread writes at a time. The session's tasks call <see cref="ReleaseFlushIfRoom"/> and <see cref="End"/> from other threads.
/// </remarks>
internal sealed class AudioIntake : PipeWriter
{
    private readonly ReplayBuffer _buffer;
    private readonly Signal _work;
    private readonly FlushWait _flush;
    private readonly IntakeTail _tail = new();

    // While there is a connection, a flush waits when more bytes than this are unsent. Without one, it waits only when the buffer is full.
    private readonly long _pauseThreshold;

    private InputKind _kind;

    // Null once it is known whether the audio begins with a header.
    private IntakeHead? _head;

    // How many bytes of audio may still come. A WAV file can hold other chunks after its audio, which must not be sent.
    private long _remaining = long.MaxValue;

    // The part of the memory from the last GetMemory that Advance hasn't taken yet. It is the buffer's own memory, or scratch that Advance copies.
    private Memory<byte> _given;
    private byte[] _scratch = [];
    private bool _isScratch;

    private Exception? _error;
    private long _unflushed;
    private volatile bool _ended;

    /// <param name="buffer">Where the audio goes.</param>
    /// <param name="head">Checks how the audio begins.</param>
    /// <param name="pauseThreshold">A flush waits while there is a connection and more bytes than this are unsent.</param>
    /// <param name="work">Set when there is something to send.</param>
    /// <param name="runContinuationsAsynchronously">False only in tests.</param>
    public AudioIntake(ReplayBuffer buffer, IntakeHead head, long pauseThreshold, Signal work, bool runContinuationsAsynchronously)
    {
        (_buffer, _head, _work) = (buffer, head, work);
        _pauseThreshold = Math.Min(pauseThreshold, buffer.Capacity - 1);
        _flush = new FlushWait(runContinuationsAsynchronously);
    }

    private enum InputKind
    {
        None,
        Writer,
        Spans,
    }

    /// <summary>Raised when the audio can't be transcribed. The session ends with this exception.</summary>
    public event Action<Exception>? Failed;

    /// <summary>Raised when a hole is complete that dropped audio has left.</summary>
    public event Action<Gap>? Dropped;

    public override bool CanGetUnflushedBytes => true;

    public override long UnflushedBytes => _unflushed;

    // No audio is taken after the end of the session or of the audio. StopAsync may complete the audio while another thread still writes.
    private bool IsOver => _ended || _buffer.IsCompleted;

    private bool MustWait => !_ended && _buffer.HasBacklog(_pauseThreshold);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override Memory<byte> GetMemory(int sizeHint = 0)
    {
        Use(InputKind.Writer);
        ArgumentOutOfRangeException.ThrowIfNegative(sizeHint);
        _isScratch = _head is not null || !_buffer.TryLend(sizeHint, out _given);
        if (_isScratch)
        {
            _given = _scratch = _scratch.Length > 0 && _scratch.Length >= sizeHint ? _scratch : new byte[Math.Max(sizeHint, 4096)];
        }

        return _given;
    }

    public override Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Advance(int bytes)
    {
        Use(InputKind.Writer);
        if (bytes < 0 || bytes > _given.Length)
        {
            throw new ArgumentOutOfRangeException(nameof(bytes), bytes, $"GetMemory gave {_given.Length} bytes.");
        }

        _unflushed += bytes;
        var written = _given[..bytes];
        _given = _given[bytes..];
        try
        {
            if (_isScratch)
            {
                _buffer.Append(TakeAudio(written.Span));
            }
            else
            {
                _buffer.Commit(Limit(written.Span));
            }
        }
        catch (ArgumentException exception)
        {
            // Advance must not throw for the content of the audio, so the next flush does.
            Fail(exception);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        Use(InputKind.Writer);
        if (_error is not null)
        {
            return ValueTask.FromException<FlushResult>(_error);
        }

        // Paced: the frame is sent on this thread, since a change to a pool thread costs more than the sending.
        // Unpaced: the sender runs on the pool while the caller writes more, so that the messages become larger.
        _work.Set(here: _buffer.IsPaced);
        var flushed = _flush.Begin(MustWait, IsOver, cancellationToken);
        _unflushed = 0;
        ReleaseFlushIfRoom();
        return flushed;
    }

    public override void CancelPendingFlush() => _flush.Cancel();

    /// <summary>Takes all of the audio or none of it, and never waits, as capture callbacks need it. Audio that is refused leaves a hole.</summary>
    public bool TryWrite(ReadOnlySpan<byte> audio)
    {
        Use(InputKind.Spans);
        if (IsOver || _error is not null)
        {
            return false;
        }

        try
        {
            audio = TakeAudio(audio);
        }
        catch (ArgumentException exception)
        {
            Fail(exception);
            throw;
        }

        if (!_buffer.TryAppend(audio, out var hole))
        {
            _buffer.Drop(audio.Length);
            return false;
        }

        Report(hole);
        _work.Set();
        return true;
    }

    public override void Complete(Exception? exception = null)
    {
        if (_buffer.IsCompleted)
        {
            return;
        }

        if ((exception ?? _error ?? TakeRest()) is { } error)
        {
            Fail(error);
            return;
        }

        // Report the gap first: after Complete the sender may end the session, and then nothing can be reported.
        // Another thread may drop audio between the two calls, so Complete can return a hole as well.
        Report(_buffer.CloseHole());
        Report(_buffer.Complete());
        _work.Set();
        ReleaseFlushIfRoom();
    }

    /// <summary>Lets a waiting flush continue if there is room again. Costs nothing when no flush waits.</summary>
    public void ReleaseFlushIfRoom()
    {
        if (_flush.IsWaiting && !MustWait)
        {
            _flush.Release(IsOver);
        }
    }

    /// <summary>Ends the intake because the session is over: no more audio is taken, and a waiting flush returns.</summary>
    public void End()
    {
        _ended = true;
        _flush.Release(isCompleted: true);
    }

    /// <summary>Returns the part of the written bytes that is audio.</summary>
    /// <exception cref="ArgumentException">A header is missing, unexpected, or of audio that the session doesn't send; or another recording follows.</exception>
    private ReadOnlySpan<byte> TakeAudio(ReadOnlySpan<byte> written)
    {
        if (_head is not null)
        {
            if (!_head.TryDecide(written, out written, out var audioBytes))
            {
                return [];
            }

            _head = null;
            _scratch = [];
            _remaining = audioBytes ?? long.MaxValue;
        }

        return written[..Limit(written)];
    }

    /// <summary>Returns how many of the bytes are audio.</summary>
    /// <exception cref="ArgumentException">Another recording follows.</exception>
    private int Limit(ReadOnlySpan<byte> bytes)
    {
        if (_remaining == long.MaxValue)
        {
            return bytes.Length;
        }

        var audio = (int)Math.Min(bytes.Length, _remaining);
        _remaining -= audio;
        _tail.Take(bytes[audio..]);
        return audio;
    }

    /// <summary>At the end of the audio, takes the first bytes if they were too few to know whether they are a header.</summary>
    /// <returns>What is wrong with them; null when nothing is.</returns>
    private ArgumentException? TakeRest()
    {
        try
        {
            _buffer.Append(_head is { } head ? head.Complete() : []);
            return null;
        }
        catch (ArgumentException exception)
        {
            return exception;
        }
    }

    private void Use(InputKind kind)
    {
        if (_kind == InputKind.None)
        {
            _kind = kind;
        }
        else if (_kind != kind)
        {
            throw new InvalidOperationException(
                "Audio comes in either through Audio or through TryWriteAudio, not both: its order would be undefined. Continue with the one that was used first.");
        }
    }

    private void Fail(Exception error)
    {
        _error ??= error;
        Failed?.Invoke(error);
    }

    private void Report(Gap? hole)
    {
        if (hole is { } gap)
        {
            Dropped?.Invoke(gap);
        }
    }
}
