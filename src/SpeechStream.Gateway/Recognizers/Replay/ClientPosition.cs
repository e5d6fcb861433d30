using SpeechStream.Gateway.Protocol;

namespace SpeechStream.Gateway.Recognizers.Replay;

/// <summary>How far a client is on a connection.</summary>
/// <param name="Starts">Tasks that it has started.</param>
/// <param name="Stops">Tasks that it has stopped.</param>
/// <param name="Audio">Audio that it has sent since the last start.</param>
internal readonly record struct ClientPosition(int Starts, int Stops, TimeSpan Audio)
{
    // Lengths of odd bytes are rounded.
    private static readonly TimeSpan Rounding = TimeSpan.FromMilliseconds(1);

    public ClientPosition With(CommandKind? command) => command switch
    {
        CommandKind.Start => this with { Starts = Starts + 1, Audio = TimeSpan.Zero },
        CommandKind.Stop => this with { Stops = Stops + 1 },
        _ => this,
    };

    /// <summary>Whether a client that is here may get what one got that was there: it is as far, or has stopped the task, and so has no more audio for it.</summary>
    public bool Reaches(ClientPosition there) => Starts >= there.Starts && Stops >= there.Stops && (Audio >= there.Audio - Rounding || Stops >= there.Starts);
}
