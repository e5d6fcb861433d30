using SpeechStream.Cli.Output;

namespace SpeechStream.Cli.Transcription;

/// <summary>What was said in a recording, by one or several channels at once. Not thread-safe.</summary>
internal sealed class Speech
{
    private readonly List<(TimeSpan At, int Channel, string? Speaker, TranscriptionEvent Happened)> _events = [];
    private readonly Dictionary<int, TimeSpan> _begun = [];

    /// <summary>The finals, in the order of their begins.</summary>
    public IReadOnlyList<Final> Finals => [.. Events.Where(said => said.Happened is SentenceEnd).Select(said => new Final(said.Speaker, (SentenceEnd)said.Happened))];

    /// <summary>All that was added: each channel in its own order, and what belongs to a sentence where that begins.</summary>
    public IEnumerable<(string? Speaker, TranscriptionEvent Happened)> Events => _events.OrderBy(said => said.At).ThenBy(said => said.Channel).Select(said => (said.Speaker, said.Happened));

    public void Add(int channel, string? speaker, TranscriptionEvent happened)
    {
        var before = _begun.GetValueOrDefault(channel);
        var at = happened switch { SentenceBegin begin => begin.Time, SentenceEnd end => end.BeginTime, _ => before };
        _begun[channel] = at = at > before ? at : before;
        _events.Add((at, channel, speaker, happened));
    }
}
