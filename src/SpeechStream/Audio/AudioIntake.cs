using System.IO.Pipelines;
using SpeechStream.Session;

namespace SpeechStream.Audio;

/// <summary>Where the caller's audio comes in: a <see cref="PipeWriter"/> that hands out the memory of the <see cref="ReplayBuffer"/>.</summary>
/// <remarks>
/// There is no pipe and no task in between: they would copy each byte once more, and a pipe that is read only in part grows
/// without limit. As with every pipe writer, one caller writes; the session's tasks call <see cref="Connected"/>,
/// <see cref="RoomChanged"/> and <see cref="End"/> from other threads.
/// </remarks>
internal sealed class AudioIntake : PipeWriter
{
    private readonly ReplayBuffer _buffer;
    private readonly WaveIntake? _wave;
    private readonly Signal _work;
    private readonly FlushWait _flush;

    // Above this many unsent bytes a flush waits while a connection stands; without one, only the full buffer makes it wait.
    private readonly long _pauseThreshold;

    private InputKind _kind;

    // Until the first bytes are there: a WAV header among raw samples is a mistake that would be heard as noise, and mistime everything.
    private bool _mayBeWave;
    private Memory<byte> _firstMemory;
    private Exception? _error;
    private long _unflushed;
    private volatile bool _connected;
    private volatile bool _ended;

    /// <param name="buffer">Where the audio goes.</param>
    /// <param name="wave">Reads the RIFF header; null for other formats.</param>
    /// <param name="pauseThreshold">Unsent bytes above which a flush waits while a connection stands.</param>
    /// <param name="work">Set when there is something to be sent.</param>
    /// <param name="runContinuationsAsynchronously">False only in tests.</param>
    public AudioIntake(ReplayBuffer buffer, WaveIntake? wave, long pauseThreshold, Signal work, bool runContinuationsAsynchronously)
    {
        (_buffer, _wave, _work) = (buffer, wave, work);
        _mayBeWave = wave is null;
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

    /// <summary>Dropped audio has left a hole between these offsets.</summary>
    public event Action<long, long>? Dropped;

    public override bool CanGetUnflushedBytes => true;

    public override long UnflushedBytes => _unflushed;

    // By the end of the session, or of the audio: StopAsync may complete it while somebody else still writes.
    private bool IsOver => _ended || _buffer.IsCompleted;

    private bool MustWait => !IsOver && (_connected ? _buffer.Unsent > _pauseThreshold : _buffer.Unsent >= _buffer.Capacity);

    public override Memory<byte> GetMemory(int sizeHint = 0)
    {
        Use(InputKind.Writer);
        ArgumentOutOfRangeException.ThrowIfNegative(sizeHint);
        var memory = _wave is { IsInHeader: true } ? _wave.GetMemory(sizeHint) : _buffer.GetMemory(sizeHint);
        _firstMemory = _mayBeWave ? memory : default;
        return memory;
    }

    public override Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    public override void Advance(int bytes)
    {
        Use(InputKind.Writer);
        _unflushed += bytes;
        if (_wave is not { IsInHeader: true })
        {
            if (_mayBeWave && IsWave(_firstMemory.Span[..Math.Clamp(bytes, 0, _firstMemory.Length)]))
            {
                Fail(UnexpectedWave());
                return;
            }

            _buffer.Commit(_wave?.Limit(bytes) ?? bytes);
            return;
        }

        try
        {
            var audio = _wave.TakeWritten(bytes);
            audio.CopyTo(_buffer.GetMemory(audio.Length).Span);
            _buffer.Commit(audio.Length);
        }
        catch (ArgumentException exception)
        {
            Fail(exception);
        }
    }

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        Use(InputKind.Writer);
        _unflushed = 0;
        if (_error is not null)
        {
            return ValueTask.FromException<FlushResult>(_error);
        }

        // A live source's frame is sent in its flush, as by every writer without a buffer: another thread costs more than the sending.
        // Unpaced audio is better sent while more of it comes, in larger messages.
        _work.Set(here: _buffer.IsPaced);
        var flushed = _flush.Begin(MustWait, IsOver, cancellationToken);
        RoomChanged();
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
            audio = _wave is null ? audio : _wave.Take(audio);
        }
        catch (ArgumentException exception)
        {
            Fail(exception);
            throw;
        }

        if (IsWave(audio))
        {
            var unexpected = UnexpectedWave();
            Fail(unexpected);
            throw unexpected;
        }

        if (!_buffer.TryAppend(audio))
        {
            _buffer.Drop(audio.Length);
            return false;
        }

        ReportHole();
        _work.Set();
        return true;
    }

    public override void Complete(Exception? exception = null)
    {
        if (_buffer.IsCompleted)
        {
            return;
        }

        if ((exception ?? _error ?? _wave?.ErrorAtEnd()) is { } error)
        {
            Fail(error);
            return;
        }

        // Afterwards the sender may end the session, and nothing can be told any more.
        _buffer.EndHole();
        ReportHole();
        _buffer.Complete();
        ReportHole();
        _work.Set();
        RoomChanged();
    }

    /// <summary>Tells whether a connection stands: it decides how much unsent audio makes a flush wait.</summary>
    public void Connected(bool connected)
    {
        _connected = connected;
        RoomChanged();
    }

    /// <summary>Lets a waiting flush go on where there is room again. Costs nothing when none waits.</summary>
    public void RoomChanged()
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

    private static ArgumentException UnexpectedWave() =>
        new("The audio begins with a WAV header, and the session was made for raw samples. Set TranscriptionOptions.Format to Wav.");

    /// <summary>True once, for the first bytes of the audio, if they are a header where none should be.</summary>
    private bool IsWave(ReadOnlySpan<byte> audio)
    {
        var mayBeWave = _mayBeWave;
        _mayBeWave &= audio.IsEmpty;
        return mayBeWave && WaveHeader.LooksLikeWave(audio);
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
                "Audio comes in either through Audio or through TryWriteAudio, not both: its order would be undefined. Go on with the one that was used first.");
        }
    }

    private void Fail(Exception error)
    {
        _error ??= error;
        Failed?.Invoke(error);
    }

    private void ReportHole()
    {
        if (_buffer.TakeHole() is { } hole)
        {
            Dropped?.Invoke(hole.From, hole.To);
        }
    }
}
