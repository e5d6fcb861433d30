namespace SpeechStream.Cli.Output;

/// <summary>How far a session is.</summary>
internal sealed class SessionProgress(Progress progress, TimeProvider clock, string name, TimeSpan? length, ResumePoint from) : IDisposable
{
    private readonly long _begun = clock.GetTimestamp();
    private TimeSpan _position = from.Time;
    private int _sentences = from.Sentences;
    private string _connection = "connecting";

    /// <summary>How far the recording is transcribed, by this session and those before it.</summary>
    public TimeSpan Position => _position;

    public void Take(TranscriptionEvent happened)
    {
        (_sentences, _connection) = happened switch
        {
            SentenceEnd final => (final.Index, _connection),
            TranscriptionStarted or Reconnected => (_sentences, "connected"),
            Reconnecting => (_sentences, "reconnecting"),
            TranscriptionCompleted => (_sentences, "complete"),
            _ => (_sentences, _connection),
        };
        var position = happened switch { SentenceBegin begin => begin.Time, TranscriptionResultChanged interim => interim.Time, SentenceEnd final => final.Time, _ => TimeSpan.Zero };
        _position = position > _position ? position : _position;
    }

    public void Complete() => _position = length > _position ? length.Value : _position;

    public string Line(bool isNarrow)
    {
        var speed = (_position - from.Time) / clock.GetElapsedTime(_begun);
        return FormattableString.Invariant($"{Progress.Line(name, _position, length, isNarrow)}  {speed:0.0}x  {_sentences} {(_sentences == 1 ? "sentence" : "sentences")}  {_connection}");
    }

    public void Dispose() => progress.End(this);
}
