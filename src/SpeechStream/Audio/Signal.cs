using System.Threading.Tasks.Sources;

namespace SpeechStream.Audio;

/// <summary>Wakes one waiter. A set while nobody waits is remembered for the next wait. Allocates nothing.</summary>
/// <remarks>
/// Any thread may set it; one at a time may wait. After each wake-up the waiter must check everything that it waits for, since several sets wake it once.
/// This object queues itself to the thread pool, where the waiter continues, because the source would allocate a work item for each wake-up.
/// </remarks>
/// <param name="runContinuationsAsynchronously">False only in tests, where a single thread runs everything in order.</param>
internal sealed class Signal(bool runContinuationsAsynchronously) : IValueTaskSource, IThreadPoolWorkItem
{
    private const int Idle = 0, Waiting = 1, Signaled = 2;

    private ManualResetValueTaskSourceCore<bool> _source;
    private int _state;

    /// <param name="here">Whether a waiter continues on this thread, before this returns. Otherwise it continues in the thread pool.</param>
    public void Set(bool here = false)
    {
        if (Interlocked.Exchange(ref _state, Signaled) == Waiting)
        {
            Interlocked.Exchange(ref _state, Idle);
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
        if (Interlocked.CompareExchange(ref _state, Waiting, Idle) == Signaled)
        {
            Interlocked.Exchange(ref _state, Idle);
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
