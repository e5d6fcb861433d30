using System.IO.Pipelines;
using System.Threading.Tasks.Sources;

namespace SpeechStream.Audio;

/// <summary>The one flush of an <see cref="AudioIntake"/> that may be waiting. Reused, so that waiting costs no allocation.</summary>
/// <remarks>The caller goes on in the thread pool, by way of this object itself: the source's own way there allocates for each flush.</remarks>
/// <param name="runContinuationsAsynchronously">False only in tests, where a single thread runs everything in order.</param>
internal sealed class FlushWait(bool runContinuationsAsynchronously) : IValueTaskSource<FlushResult>, IThreadPoolWorkItem
{
    private readonly Lock _gate = new();
    private ManualResetValueTaskSourceCore<FlushResult> _source;
    private CancellationTokenRegistration _registration;
    private CancellationToken _token;
    private bool _cancelled;

    // How the wait has ended.
    private FlushResult _result;
    private Exception? _exception;

    public bool IsWaiting { get; private set; }

    /// <summary>A flush that has to wait, or doesn't.</summary>
    public ValueTask<FlushResult> Begin(bool mustWait, bool isCompleted, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<FlushResult>(cancellationToken);
        }

        ValueTask<FlushResult> pending;
        lock (_gate)
        {
            if (IsWaiting)
            {
                throw new InvalidOperationException("The flush before this one is still waiting. Await it first: one caller writes at a time.");
            }

            if (_cancelled || !mustWait)
            {
                var result = new FlushResult(isCanceled: _cancelled, isCompleted);
                _cancelled = false;
                return ValueTask.FromResult(result);
            }

            _source.Reset();
            _token = cancellationToken;
            IsWaiting = true;
            pending = new(this, _source.Version);
        }

        // Outside the lock: a token that fires just now runs the callback here.
        _registration = cancellationToken.UnsafeRegister(static (wait, token) => ((FlushWait)wait!).Cancel(token), this);
        return pending;
    }

    /// <summary>Lets the waiting flush return normally.</summary>
    public void Release(bool isCompleted)
    {
        End(new FlushResult(isCanceled: false, isCompleted), null);
    }

    /// <summary>Lets the waiting flush, or else the next one, return as cancelled.</summary>
    public void Cancel()
    {
        lock (_gate)
        {
            if (!IsWaiting)
            {
                _cancelled = true;
                return;
            }
        }

        End(new FlushResult(isCanceled: true, isCompleted: false), null);
    }

    void IThreadPoolWorkItem.Execute() => Execute();

    FlushResult IValueTaskSource<FlushResult>.GetResult(short token)
    {
        _registration.Unregister();
        return _source.GetResult(token);
    }

    ValueTaskSourceStatus IValueTaskSource<FlushResult>.GetStatus(short token) => _source.GetStatus(token);

    void IValueTaskSource<FlushResult>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);

    private void Cancel(CancellationToken token)
    {
        // A registration of an earlier flush may fire late; it must not touch this one.
        if (_token == token)
        {
            End(default, new OperationCanceledException(token));
        }
    }

    private void End(FlushResult result, Exception? exception)
    {
        lock (_gate)
        {
            if (!IsWaiting)
            {
                return;
            }

            IsWaiting = false;
            (_result, _exception) = (result, exception);
        }

        if (runContinuationsAsynchronously)
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
        else
        {
            Execute();
        }
    }

    private void Execute()
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
