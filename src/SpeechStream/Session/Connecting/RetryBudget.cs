namespace SpeechStream.Session.Connecting;

/// <summary>How many attempts a session has left. Progress gives them all back. Lives as long as the session.</summary>
/// <param name="most"><see cref="SpeechStreamClientOptions.MaxReconnectAttempts"/>; null when the user's own pipeline decides.</param>
/// <param name="retrying">Told of each attempt that follows a failure: its number, why, and after what delay.</param>
internal sealed class RetryBudget(int? most, Action<int, SpeechStreamException, TimeSpan> retrying)
{
    /// <summary>Attempts used up without progress.</summary>
    public int Spent { get; private set; }

    /// <summary>A refused token was exchanged for another one, without progress since.</summary>
    public bool HasRenewedToken { get; private set; }

    /// <summary>The service found the catch-up rate too fast: for the rest of the session nothing is sent faster than at the send rate.</summary>
    public bool IsSlowed { get; private set; }

    /// <summary>A connection that was once made is not made again.</summary>
    public bool ForbidsReconnecting => most == 0;

    /// <summary>One more attempt is left.</summary>
    public bool HasAttempt => most is null || Spent < most;

    /// <summary>The session has got further.</summary>
    public void Refill() => (Spent, HasRenewedToken) = (0, false);

    /// <summary>Uses up an attempt.</summary>
    public void Spend(SpeechStreamException cause, TimeSpan delay) => retrying(++Spent, cause, delay);

    /// <summary>A connection follows that costs no attempt, since nothing was wrong with the one before.</summary>
    public void RetryFree(SpeechStreamException cause) => retrying(0, cause, TimeSpan.Zero);

    /// <summary>Another token is tried; the next refusal without progress is final.</summary>
    public void RenewToken() => HasRenewedToken = true;

    /// <summary>The catch-up rate isn't used any more.</summary>
    public void SlowDown() => IsSlowed = true;
}
