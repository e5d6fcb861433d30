using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Threading.Tasks.Sources;

namespace SpeechStream.Audio.Intake;

/// <summary>The one flush of an <see cref="AudioIntake"/> that can wait at a time. The object is reused, so that waiting allocates nothing.</summary>
/// <remarks>
/// The state changes under one lock. A flush that has waited keeps the object until its result is taken. If the object were reused earlier, the wrong flush
/// could be completed, or one twice, which throws on a pool thread and ends the process.
/// This object queues itself to the thread pool, where the caller continues, because the source would allocate a work item for each flush.
/// </remarks>
/// <param name="runContinuationsAsynchronously">False only in tests, where a single thread runs everything in order.</param>
internal sealed class FlushWait(bool runContinuationsAsynchronously) : IValueTaskSource<FlushResult>, IThreadPoolWorkItem
{
    private readonly Lock _gate = new();
    private ManualResetValueTaskSourceCore<FlushResult> _source;
    private CancellationTokenRegistration _registration;
    private CancellationToken _token;
    private volatile State _state;

    // CancelPendingFlush was called while no flush waited: the next flush returns as canceled.
    private volatile bool _cancelNext;

    // The result of the wait, or what it throws; set together with the state Ended.
    private FlushResult _result;
    private Exception? _exception;

    private enum State
    {
        /// <summary>No flush waits.</summary>
        Free,

        /// <summary>A flush waits for room.</summary>
        Waiting,

        /// <summary>The wait has ended, but the caller hasn't taken the result yet.</summary>
        Ended,
    }

    public bool IsWaiting => _state == State.Waiting;

    /// <summary>Begins a flush, which waits only if <paramref name="mustWait"/> is true.</summary>
    /// <exception cref="InvalidOperationException">The previous flush wasn't awaited.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public ValueTask<FlushResult> Begin(bool mustWait, bool isCompleted, CancellationToken cancellationToken)
    {
        // Nearly every flush. A CancelPendingFlush at this moment counts as one after this flush.
        if (!mustWait && _state == State.Free && !_cancelNext && !cancellationToken.IsCancellationRequested)
        {
            return new(new FlushResult(isCanceled: false, isCompleted));
        }

        ValueTask<FlushResult> pending;
        lock (_gate)
        {
            if (_state != State.Free)
            {
                throw new InvalidOperationException(
                    "The flush before this one wasn't awaited. Await each flush before the next: one caller writes at a time. A callback that can't wait uses TryWriteAudio.");
            }

            if (cancellationToken.IsCancellationRequested)
            {
                return ValueTask.FromCanceled<FlushResult>(cancellationToken);
            }

            if (_cancelNext || !mustWait)
            {
                var result = new FlushResult(isCanceled: _cancelNext, isCompleted);
                _cancelNext = false;
                return ValueTask.FromResult(result);
            }

            _source.Reset();
            (_token, _state) = (cancellationToken, State.Waiting);
            pending = new(this, _source.Version);
        }

        // Outside the lock: a token that is canceled at this moment runs the callback inside of this call.
        _registration = cancellationToken.UnsafeRegister(static (wait, token) => ((FlushWait)wait!).OnCanceled(token), this);
        return pending;
    }

    /// <summary>Lets the waiting flush return normally. Does nothing when none waits.</summary>
    public void Release(bool isCompleted)
    {
        lock (_gate)
        {
            if (_state != State.Waiting)
            {
                return;
            }

            MarkEnded(new FlushResult(isCanceled: false, isCompleted), null);
        }

        Resume();
    }

    /// <summary>Lets the waiting flush return as canceled; if none waits, the next one does.</summary>
    public void Cancel()
    {
        lock (_gate)
        {
            if (_state != State.Waiting)
            {
                _cancelNext = true;
                return;
            }

            MarkEnded(new FlushResult(isCanceled: true, isCompleted: false), null);
        }

        Resume();
    }

    void IThreadPoolWorkItem.Execute() => SetResult();

    FlushResult IValueTaskSource<FlushResult>.GetResult(short token)
    {
        if (_source.GetStatus(token) != ValueTaskSourceStatus.Pending)
        {
            // Only a finished flush frees the object. A caller who takes the result too early gets an exception from the source below.
            _registration.Unregister();
            _state = State.Free;
        }

        return _source.GetResult(token);
    }

    ValueTaskSourceStatus IValueTaskSource<FlushResult>.GetStatus(short token) => _source.GetStatus(token);

    void IValueTaskSource<FlushResult>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);

    private void OnCanceled(CancellationToken token)
    {
        lock (_gate)
        {
            // The callback of an earlier flush may run late, and must not cancel this flush.
            if (_state != State.Waiting || _token != token)
            {
                return;
            }

            MarkEnded(default, new OperationCanceledException(token));
        }

        Resume();
    }

    private void MarkEnded(FlushResult result, Exception? exception) => (_state, _result, _exception) = (State.Ended, result, exception);

    private void Resume()
    {
        if (runContinuationsAsynchronously)
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
        else
        {
            SetResult();
        }
    }

    private void SetResult()
    {
        if (_exception is { } exception)
        {
            _source.SetException(exception);
        }
        else
        {
            _source.SetResult(_result);
        }
    }
}
