namespace SpeechStream.Gateway.Connections;

/// <summary>Counts the tasks of all connections, and those that run.</summary>
internal sealed class TaskSlots(int? limit)
{
    private int _running;
    private int _started;

    public int Started => Volatile.Read(ref _started);

    public bool TryTake()
    {
        Interlocked.Increment(ref _started);
        if (Interlocked.Increment(ref _running) <= (limit ?? int.MaxValue))
        {
            return true;
        }

        Release();
        return false;
    }

    public void Release() => Interlocked.Decrement(ref _running);
}
