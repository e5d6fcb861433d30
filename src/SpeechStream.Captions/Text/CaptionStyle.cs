namespace SpeechStream.Captions.Text;

/// <summary>What the language decides.</summary>
/// <param name="CharactersPerLine">The most characters in a line.</param>
/// <param name="CharactersPerSecond">How many of them are read in a second.</param>
/// <param name="IsEastAsian">Whether a full-width character counts one and a half-width one half. Otherwise they count two and one.</param>
internal sealed record CaptionStyle(int CharactersPerLine, double CharactersPerSecond, bool IsEastAsian)
{
    // Netflix's guides of the language; the README of the package has the addresses.
    public static CaptionStyle Chinese { get; } = new(16, 9, IsEastAsian: true);

    public static CaptionStyle Japanese { get; } = new(13, 4, IsEastAsian: true);

    public static CaptionStyle Korean { get; } = new(16, 12, IsEastAsian: true);

    public static CaptionStyle Other { get; } = new(42, 17, IsEastAsian: false);

    /// <summary>The most columns in a line. A full-width character takes two.</summary>
    public int Columns => IsEastAsian ? 2 * CharactersPerLine : CharactersPerLine;

    /// <summary>How long it takes to read so many columns.</summary>
    public TimeSpan ReadingTime(int columns) => TimeSpan.FromSeconds(columns / (IsEastAsian ? 2.0 : 1) / CharactersPerSecond);
}
