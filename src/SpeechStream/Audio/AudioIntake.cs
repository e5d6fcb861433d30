using System.IO.Pipelines;

namespace SpeechStream.Audio;

/// <summary>Where the caller's audio comes in: a <see cref="PipeWriter"/> that lends the memory of the <see cref="ReplayBuffer"/>.</summary>
/// <remarks>
/// There is no pipe and no task in between: they would copy each byte once more, and a pipe that is read only in part grows without limit. As with
/// every pipe writer, one caller writes; the session's tasks call <see cref="ReleaseFlushIfRoom"/> and <see cref="End"/> from other threads.
/// </remarks>
internal sealed class AudioIntake : PipeWriter
{
    private readonly ReplayBuffer _buffer;
    private readonly Signal _work;
    private readonly FlushWait _flush;

    // Above this many unsent bytes a flush waits while there is a connection; without one, only the full buffer makes it wait.
    private readonly long _pauseThreshold;

    private InputKind _kind;

    // Null once the beginning of the audio is decided.
    private IntakeHead? _head;

    // Bytes of audio that may still come; what follows them, in a WAV file, isn't audio.
    private long _remaining = long.MaxValue;

    // What GetMemory gave out last, as far as it isn't advanced over; the caller writes into the buffer's memory, or into scratch that is copied.
    private Memory<byte> _given;
    private byte[] _scratch = [];
    private bool _isScratch;

    private Exception? _error;
    private long _unflushed;
    private volatile bool _ended;

    /// <param name="buffer">Where the audio goes.</param>
    /// <param name="head">Decides how the audio begins.</param>
    /// <param name="pauseThreshold">Unsent bytes above which a flush waits while there is a connection.</param>
    /// <param name="work">Set when there is something to be sent.</param>
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

    /// <summary>The audio can't be taken: the session ends with this.</summary>
    public event Action<Exception>? Failed;

    /// <summary>Dropped audio has left a hole.</summary>
    public event Action<Gap>? Dropped;

    public override bool CanGetUnflushedBytes => true;

    public override long UnflushedBytes => _unflushed;

    // By the end of the session, or of the audio: StopAsync may complete it while somebody else still writes.
    private bool IsOver => _ended || _buffer.IsCompleted;

    private bool MustWait => !IsOver && (_buffer.IsConnected ? _buffer.Unsent > _pauseThreshold : _buffer.Unsent >= _buffer.Capacity);

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
        if (!_isScratch)
        {
            _buffer.Commit(Limit(bytes));
            return;
        }

        try
        {
            _buffer.Append(TakeAudio(written.Span));
        }
        catch (ArgumentException exception)
        {
            // The flush throws it.
            Fail(exception);
        }
    }

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        Use(InputKind.Writer);
        if (_error is not null)
        {
            return ValueTask.FromException<FlushResult>(_error);
        }

        // A live source's frame is sent in its flush, as by every writer without a buffer: another thread costs more than the sending.
        // Unpaced audio is better sent while more of it comes, in larger messages.
        _work.Set(here: _buffer.IsPaced);
        var flushed = _flush.Begin(MustWait, IsOver, cancellationToken);
        _unflushed = 0;
        ReleaseFlushIfRoom();
        return flushed;
    }

    public override void CancelPendingFlush() => _flush.Cancel();

    /// <summary>For capture callbacks: all or nothing, without waiting. What is refused leaves a hole.</summary>
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

        // Report the gap first: after Complete the sender may end the session, and nothing can be reported any more. A drop may still come in between.
        Report(_buffer.CloseHole());
        Report(_buffer.Complete());
        _work.Set();
        ReleaseFlushIfRoom();
    }

    /// <summary>Lets a waiting flush continue where there is room again. Costs nothing when none waits.</summary>
    public void ReleaseFlushIfRoom()
    {
        if (_flush.IsWaiting && !MustWait)
        {
            _flush.Release(IsOver);
        }
    }

    /// <summary>The session is over: nothing is taken any more, and nobody waits.</summary>
    public void End()
    {
        _ended = true;
        _flush.Release(isCompleted: true);
    }

    /// <summary>The audio in what was written.</summary>
    /// <exception cref="ArgumentException">The audio doesn't begin as it should.</exception>
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

        return written[..Limit(written.Length)];
    }

    private int Limit(int bytes)
    {
        var audio = (int)Math.Min(bytes, _remaining);
        _remaining -= _remaining == long.MaxValue ? 0 : audio;
        return audio;
    }

    /// <summary>Takes a beginning that stayed undecided, when no more comes.</summary>
    /// <returns>What is wrong with it; null when nothing is.</returns>
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
