using SpeechStream.Captions.Text;

namespace SpeechStream.Captions.Timing;

/// <summary>When a unit of a text is spoken. Begins never decrease along a text, and no unit ends before it begins.</summary>
/// <param name="Begin">When it begins.</param>
/// <param name="End">When it ends.</param>
/// <param name="After">What kind of break is behind it, the words of the recognizer considered.</param>
internal readonly record struct SpokenUnit(TimeSpan Begin, TimeSpan End, BreakKind After);
