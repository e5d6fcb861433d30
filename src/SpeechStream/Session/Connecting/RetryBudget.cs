namespace SpeechStream.Session.Connecting;

/// <summary>Counts the attempts of a session to connect. Progress makes all of them available again. Lives as long as the session.</summary>
/// <param name="most"><see cref="SpeechStreamClientOptions.MaxReconnectAttempts"/>; null when the pipeline of the user decides.</param>
/// <param name="retrying">Called before each attempt that follows a failure, with its number, the failure and the delay.</param>
internal sealed class RetryBudget(int? most, Action<int, SpeechStreamException, TimeSpan> retrying)
{
    /// <summary>How many attempts were used up since the last progress.</summary>
    public int Spent { get; private set; }

    /// <summary>Whether a token that was refused in a running task was replaced since the last progress.</summary>
    public bool HasRenewedToken { get; private set; }

    /// <summary>Whether the service refused the catch-up rate as too fast. For the rest of the session nothing is sent faster than the send rate.</summary>
    public bool IsSlowed { get; private set; }

    /// <summary>Whether the options forbid to reconnect.</summary>
    public bool ForbidsReconnecting => most == 0;

    /// <summary>Whether an attempt is left.</summary>
    public bool HasAttempt => most is null || Spent < most;

    /// <summary>Makes all attempts available again, because the session has made progress.</summary>
    public void Refill() => (Spent, HasRenewedToken) = (0, false);

    /// <summary>Uses up one attempt.</summary>
    public void Spend(SpeechStreamException cause, TimeSpan delay) => retrying(++Spent, cause, delay);

    /// <summary>Announces an attempt that uses up none, since nothing was wrong with the lost connection.</summary>
    public void RetryFree(SpeechStreamException cause) => retrying(0, cause, TimeSpan.Zero);

    /// <summary>Records that another token is tried. If it is refused without progress, the session ends.</summary>
    public void RenewToken() => HasRenewedToken = true;

    /// <summary>Stops using the catch-up rate.</summary>
    public void SlowDown() => IsSlowed = true;
}
