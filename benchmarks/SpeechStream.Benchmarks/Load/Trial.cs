namespace SpeechStream.Benchmarks.Load;

/// <summary>One row of the table: a load, which each kind of client gets in turn.</summary>
/// <param name="Name">What the row is called.</param>
/// <param name="IsPaced">In real time; otherwise as fast as it goes.</param>
/// <param name="Sessions">At once, in one process.</param>
/// <param name="Amount">Seconds in real time, frames of each session otherwise.</param>
/// <param name="Kinds">Which clients.</param>
/// <param name="IsSecure">Over <c>wss</c>.</param>
/// <param name="Query">What the service is asked to do: nothing, or <see cref="LoadTrials.Quiet"/>.</param>
internal sealed record Trial(string Name, bool IsPaced, int Sessions, int Amount, IReadOnlyList<ClientKind> Kinds, bool IsSecure = false, string Query = "");

/// <summary>The clients that are compared.</summary>
internal enum ClientKind
{
    /// <summary>Timers and writers alone: what the load itself costs.</summary>
    Nobody,

    /// <summary>A plain socket.</summary>
    Bare,

    /// <summary>SpeechStream; in real time the caller hands over a frame each 100 ms, as a microphone does.</summary>
    SpeechStream,

    /// <summary>SpeechStream; the caller hands over a file, and the session paces it.</summary>
    SpeechStreamFile,

    /// <summary>The vendor's client for Node.</summary>
    Node,
}
