namespace SpeechStream.Tests.Sources;

/// <summary>A source that ignores its token: it gives a few pieces, and then its read is pending until the test ends it.</summary>
/// <param name="pieces">How many pieces of 100 ms it gives before.</param>
/// <param name="blocks">The pending read blocks its thread, as a synchronous driver does.</param>
internal sealed class StubbornSource(int pieces, bool blocks = false) : IAsyncEnumerable<ReadOnlyMemory<byte>>, IAsyncEnumerator<ReadOnlyMemory<byte>>
{
    private readonly TaskCompletionSource<bool> _late = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _pending = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _disposed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _given;

    public ReadOnlyMemory<byte> Current { get; } = Enumerable.Repeat((byte)1, 3_200).ToArray();

    /// <summary>Completes when the read that ignores its token is pending.</summary>
    public Task Pending => _pending.Task;

    /// <summary>Completes when the source is disposed; fails when that happens during a read, as it does for an async iterator.</summary>
    public Task Disposed => _disposed.Task;

    /// <summary>What its disposal throws; nothing by default.</summary>
    public Exception? DisposalFailure { get; init; }

    /// <summary>Called with the token that the source gets.</summary>
    public Action<CancellationToken> Begun { get; init; } = _ => { };

    public void EndRead() => _late.SetResult(false);

    public void FailRead(Exception exception) => _late.SetException(exception);

    public IAsyncEnumerator<ReadOnlyMemory<byte>> GetAsyncEnumerator(CancellationToken cancellationToken = default)
    {
        Begun(cancellationToken);
        return this;
    }

    public ValueTask<bool> MoveNextAsync()
    {
        if (_given < pieces)
        {
            _given++;
            return ValueTask.FromResult(true);
        }

        _pending.TrySetResult();
        return blocks ? ValueTask.FromResult(_late.Task.GetAwaiter().GetResult()) : new ValueTask<bool>(_late.Task);
    }

    public ValueTask DisposeAsync()
    {
        if (_pending.Task.IsCompleted && !_late.Task.IsCompleted)
        {
            _disposed.TrySetException(new NotSupportedException("The source was disposed while a read was pending."));
        }

        _disposed.TrySetResult();
        return DisposalFailure is null ? ValueTask.CompletedTask : ValueTask.FromException(DisposalFailure);
    }
}
