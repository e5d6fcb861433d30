namespace SpeechStream.Gateway.Recognizers.Replay;

/// <summary>What a client has done on a connection, and when. Any thread.</summary>
internal sealed class ClientProgress(TimeProvider timeProvider)
{
    private readonly Lock _lock = new();
    private readonly List<(ClientPosition Position, long Timestamp)> _history = [(default, timeProvider.GetTimestamp())];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Move(Func<ClientPosition, ClientPosition> move)
    {
        lock (_lock)
        {
            _history.Add((move(_history[^1].Position), timeProvider.GetTimestamp()));
            _changed.SetResult();
            _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    /// <summary>Returns when the client is as far, with the time since it was.</summary>
    public async Task<TimeSpan> UntilAsync(ClientPosition position, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                // Positions only grow, so all before one that reaches it don't.
                var first = _history.FindIndex(entry => entry.Position.Reaches(position));
                if (first >= 0)
                {
                    var reached = _history[first].Timestamp;

                    // Later steps need later positions.
                    _history.RemoveRange(0, first);
                    return timeProvider.GetElapsedTime(reached);
                }

                changed = _changed.Task;
            }

            await changed.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }
}
