namespace SpeechStream.Captions;

/// <summary>A caption: what stands on the screen, and from when to when.</summary>
/// <remarks>Cues are immutable and compare by value.</remarks>
/// <param name="Start">When it appears, from the first sample of the caller's audio.</param>
/// <param name="End">When it disappears, from the first sample of the caller's audio.</param>
/// <param name="Text">Its lines, separated by line feeds; empty in a live cue that takes back the one before.</param>
public sealed record Cue(TimeSpan Start, TimeSpan End, string Text)
{
    /// <summary>The lines of <see cref="Text"/>, from the top.</summary>
    public IReadOnlyList<string> Lines => Text.Length == 0 ? [] : Text.Split('\n');

    /// <summary>False for a live cue: the next cue, live or final, replaces it. Default: true.</summary>
    public bool IsFinal { get; init; } = true;

    /// <summary>The <see cref="SentenceEnd.Index"/> of the sentence that it is a part of; 0 for a cue that is no speech, or was read from a file.</summary>
    public int SentenceIndex { get; init; }

    /// <summary>Who speaks; null when that isn't known.</summary>
    public string? Speaker { get; init; }
}
