using System.Threading.Tasks.Sources;

namespace SpeechStream.Audio;

/// <summary>Wakes one waiter, and remembers that it was set while nobody waited. Costs no allocation.</summary>
/// <remarks>
/// Set from any thread; waited for by one at a time. Who waits looks at everything it waits for after each wake-up. The waiter
/// goes on in the thread pool, unless it is told otherwise, by way of this object itself: the source's own way there allocates for each wake-up.
/// </remarks>
/// <param name="runContinuationsAsynchronously">False only in tests, where a single thread runs everything in order.</param>
internal sealed class Signal(bool runContinuationsAsynchronously) : IValueTaskSource, IThreadPoolWorkItem
{
    private const int Idle = 0, Waiting = 1, Signalled = 2;

    private ManualResetValueTaskSourceCore<bool> _source;
    private int _state;

    /// <param name="here">The waiter goes on before this returns, if there is one; otherwise in the thread pool.</param>
    public void Set(bool here = false)
    {
        if (Interlocked.Exchange(ref _state, Signalled) == Waiting)
        {
            Volatile.Write(ref _state, Idle);
            if (runContinuationsAsynchronously && !here)
            {
                ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
            }
            else
            {
                _source.SetResult(true);
            }
        }
    }

    public ValueTask WaitAsync()
    {
        _source.Reset();
        if (Interlocked.CompareExchange(ref _state, Waiting, Idle) == Signalled)
        {
            Volatile.Write(ref _state, Idle);
            return ValueTask.CompletedTask;
        }

        return new ValueTask(this, _source.Version);
    }

    void IThreadPoolWorkItem.Execute() => _source.SetResult(true);

    void IValueTaskSource.GetResult(short token) => _source.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _source.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);
}
