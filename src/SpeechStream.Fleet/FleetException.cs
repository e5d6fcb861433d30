namespace SpeechStream.Fleet;

/// <summary>The fleet can't do what it was asked for: its database is away or isn't set up, a recording is unknown, or a place was lost.</summary>
public sealed class FleetException : Exception
{
    /// <summary>Makes an exception, for example in tests of an application.</summary>
    /// <param name="message">What happened, and what to do.</param>
    /// <param name="innerException">The cause; null when there is none.</param>
    public FleetException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }

    /// <summary>Whether the same call may succeed later, because the database was only away or busy.</summary>
    public bool IsTransient { get; init; }
}
