namespace SpeechStream.AspNetCore.Sessions;

/// <summary>How much may be taken from one connection: so many bytes a second, of which one second may come at once.</summary>
/// <param name="rate">Bytes a second.</param>
/// <param name="time">Measures it.</param>
internal sealed class ByteAllowance(int rate, TimeProvider time)
{
    // What a message costs beside its bytes, so that a flood of empty ones is limited, too.
    private const int OfMessage = 64;

    private double _left = rate;
    private long _at = time.GetTimestamp();

    /// <summary>Waits until what has arrived is allowed.</summary>
    public ValueTask TakeAsync(int bytes, CancellationToken cancellationToken)
    {
        var now = time.GetTimestamp();
        _left = Math.Min(rate, _left + (time.GetElapsedTime(_at, now).TotalSeconds * rate)) - bytes - OfMessage;
        _at = now;
        return _left >= 0 ? ValueTask.CompletedTask : new(Task.Delay(TimeSpan.FromSeconds(-_left / rate), time, cancellationToken));
    }
}
