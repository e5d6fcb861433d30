using SpeechStream.Protocol;

namespace SpeechStream.Session;

/// <summary>How much patience a session has left. Progress gives it all back.</summary>
/// <param name="most"><see cref="SpeechStreamClientOptions.MaxReconnectAttempts"/>.</param>
/// <param name="retrying">Told of each further attempt: why, and after what delay.</param>
internal sealed class RetryBudget(int most, Action<SpeechStreamException, TimeSpan> retrying)
{
    // A handshake that succeeds and a connection that dies at once, for ever, would be a storm.
    private const int MostQuickDeaths = 3;
    private static readonly TimeSpan QuickDeath = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ProvenLife = TimeSpan.FromSeconds(30);

    private int _quickDeaths;

    /// <summary>Attempts used up without progress.</summary>
    public int Spent { get; private set; }

    /// <summary>The last connections all died so young that another one is no use.</summary>
    public bool IsStorm => _quickDeaths >= MostQuickDeaths;

    public bool Allows(SpeechStreamException failure) => failure.IsTransient && Spent < most && !IsStorm;

    public void Spend(SpeechStreamException cause, TimeSpan delay)
    {
        Spent++;
        retrying(cause, delay);
    }

    /// <summary>A connection that stood has ended.</summary>
    /// <param name="life">How long it stood, from the handshake on.</param>
    /// <param name="broughtFinal">It brought at least one new final.</param>
    /// <param name="cause">Why it ended. A full quota or missing audio says nothing about the connection.</param>
    public void ConnectionDied(TimeSpan life, bool broughtFinal, SpeechStreamException cause)
    {
        if (broughtFinal || life >= ProvenLife)
        {
            Spent = 0;
        }

        if (broughtFinal || life >= QuickDeath)
        {
            _quickDeaths = 0;
        }
        else if (cause.Retry is not (Retry.Quota or Retry.Idle))
        {
            _quickDeaths++;
        }
    }
}
