using SpeechStream.Gateway.Cassettes;
using SpeechStream.Gateway.Protocol;

namespace SpeechStream.Gateway.Recognizers.Replay;

/// <summary>Something that the service did on a recorded connection, and what the client had done before.</summary>
/// <param name="Entry">What the service did.</param>
/// <param name="After">How far the client was.</param>
/// <param name="Delay">How long after the client's last message it was.</param>
/// <param name="TaskIds">The recorded tasks until then.</param>
internal sealed record ReplayStep(CassetteEntry Entry, ClientPosition After, TimeSpan Delay, IReadOnlyList<string> TaskIds)
{
    private const int UsualBytesPerSecond = 32_000;

    /// <summary>All that is to be done on a connection.</summary>
    public static IReadOnlyList<ReplayStep> Plan(RecordedConnection connection, ITaskProtocol protocol)
    {
        var (steps, tasks, position) = (new List<ReplayStep>(), new List<string>(), default(ClientPosition));
        var cause = connection.Lines[0].Time;
        var rate = connection.Lines[0].BytesPerSecond ?? UsualBytesPerSecond;
        foreach (var entry in connection.Lines)
        {
            switch (entry)
            {
                case { Kind: CassetteKind.Client }:
                    var command = protocol.Recognize(entry.Message);
                    if (command?.Kind == CommandKind.Start)
                    {
                        tasks.Add(command.TaskId);
                    }

                    position = position.With(command?.Kind);
                    cause = entry.Time;
                    break;
                case { Kind: CassetteKind.Audio }:
                    position = position with { Audio = position.Audio + TimeSpan.FromSeconds((double)entry.Bytes / rate) };
                    cause = entry.Time;
                    break;
                case { Kind: CassetteKind.Server or CassetteKind.Lost } or { Kind: CassetteKind.Close, How: "server" }:
                    steps.Add(new ReplayStep(entry, position, entry.Time - cause, [.. tasks]));
                    break;
            }
        }

        return steps;
    }
}
