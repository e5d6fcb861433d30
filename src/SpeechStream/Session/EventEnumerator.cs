using System.Runtime.CompilerServices;

namespace SpeechStream.Session;

/// <summary>The enumerator that a consumer gets. It refuses to move while an earlier move still waits, as after a time limit that the consumer has set for it.</summary>
/// <remarks>An iterator of the compiler can't refuse that: it would continue in the middle of its wait, and once more when the wait ends, which ends the process.</remarks>
/// <param name="inner">The iterator.</param>
internal sealed class EventEnumerator(IAsyncEnumerator<TranscriptionEvent> inner) : IAsyncEnumerator<TranscriptionEvent>
{
    private int _isMoving;

    public TranscriptionEvent Current => inner.Current;

    public ValueTask<bool> MoveNextAsync()
    {
        if (Interlocked.Exchange(ref _isMoving, 1) != 0)
        {
            throw new InvalidOperationException(
                "The MoveNextAsync before this one still waits. Events have one consumer: after a time limit, await the same task again, or cancel the enumeration's token.");
        }

        var moving = inner.MoveNextAsync();
        if (!moving.IsCompleted)
        {
            return FinishAsync(moving);
        }

        Volatile.Write(ref _isMoving, 0);
        return moving;
    }

    public ValueTask DisposeAsync() => inner.DisposeAsync();

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<bool> FinishAsync(ValueTask<bool> moving)
    {
        try
        {
            return await moving.ConfigureAwait(false);
        }
        finally
        {
            Volatile.Write(ref _isMoving, 0);
        }
    }
}
