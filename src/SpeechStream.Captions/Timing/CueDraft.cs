namespace SpeechStream.Captions.Timing;

/// <summary>A cue before it has its times.</summary>
/// <param name="Begin">When its first word begins.</param>
/// <param name="End">When its last word ends.</param>
/// <param name="Text">Its lines.</param>
/// <param name="ReadingTime">How long it takes to read.</param>
/// <param name="SentenceIndex">The number of its sentence; 0 if it is no speech.</param>
internal sealed record CueDraft(TimeSpan Begin, TimeSpan End, string Text, TimeSpan ReadingTime, int SentenceIndex);
