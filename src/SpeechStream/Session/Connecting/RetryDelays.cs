using SpeechStream.Protocol;

namespace SpeechStream.Session.Connecting;

/// <summary>How long to wait before the next attempt. Delays double from failure to failure, until there is progress.</summary>
/// <param name="options">The client's options.</param>
/// <param name="random">Gives the jitter: from 0 up to less than 1.</param>
internal sealed class RetryDelays(SpeechStreamClientOptions options, Func<double> random)
{
    // Sessions that lost the same server come back spread over time; less than a third, so that a later delay is never shorter than the one before.
    private const double Jitter = 0.2;
    private const int MostDoublings = 30;

    // The task that just ended may still hold its place in the account's quota.
    private static readonly TimeSpan ShortestQuotaDelay = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LongestRetryAfter = TimeSpan.FromMinutes(1);

    /// <param name="failure">What the next attempt follows.</param>
    /// <param name="spent">Attempts used up before it without progress.</param>
    public TimeSpan After(SpeechStreamException failure, int spent) => failure switch
    {
        { Retry: Retry.Quota } => ShortestQuotaDelay * (1 << Math.Min(spent, 3)) * (1 + random() / 2),
        { RetryAfter: { } wait } when wait > TimeSpan.Zero => wait < LongestRetryAfter ? wait : LongestRetryAfter,
        _ => Doubled(spent),
    };

    private TimeSpan Doubled(int spent)
    {
        var ticks = options.ReconnectDelay.Ticks * Math.Pow(2, Math.Min(spent, MostDoublings)) * (1 - Jitter + (2 * Jitter * random()));
        return ticks < options.MaxReconnectDelay.Ticks ? new TimeSpan((long)ticks) : options.MaxReconnectDelay;
    }
}
