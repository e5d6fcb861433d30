namespace SpeechStream.Gateway.Connections;

/// <summary>Counts the tasks of all connections, and those that run.</summary>
internal sealed class TaskSlots(int? limit)
{
    private readonly Lock _lock = new();
    private int _running;
    private int _peak;
    private int _started;

    public int Started => Volatile.Read(ref _started);

    public int Running => Volatile.Read(ref _running);

    /// <summary>The most that ran at once, with those that were refused.</summary>
    public int Peak => Volatile.Read(ref _peak);

    public bool TryTake()
    {
        lock (_lock)
        {
            _started++;
            _peak = Math.Max(_peak, _running + 1);
            if (_running >= (limit ?? int.MaxValue))
            {
                return false;
            }

            _running++;
            return true;
        }
    }

    public void Release()
    {
        lock (_lock)
        {
            _running--;
        }
    }
}
