using System.Globalization;
using System.Text.RegularExpressions;

namespace SpeechStream.Captions;

/// <summary>How captions look. The defaults are those of captioners; the README of the package has their sources.</summary>
public sealed partial record CaptionOptions
{
    /// <summary>The language of the speech, as a BCP 47 tag such as <c>en</c>, <c>zh-Hans</c>, <c>ja</c> or <c>ko-KR</c>. It chooses the defaults of the lines and the reading speed.</summary>
    /// <value>Default null: the script of each sentence decides.</value>
    public string? Language { get; set; }

    /// <summary>The most characters in a line. In Chinese, Japanese and Korean these are full-width ones, and a half-width one counts half; elsewhere a full-width one counts twice.</summary>
    /// <value>Default null: 16 in Chinese and Korean, 13 in Japanese, 42 in other languages. Allowed: 8 to 200.</value>
    public int? CharactersPerLine { get; set; }

    /// <summary>The most lines of a cue.</summary>
    /// <value>Default 2. Allowed: 1 to 3.</value>
    public int MaxLines { get; set; } = 2;

    /// <summary>How fast people read, counted as in <see cref="CharactersPerLine"/>, with spaces and punctuation. A cue stays until it can be read, if the next one leaves it the time.</summary>
    /// <value>Default null: 9 in Chinese, 4 in Japanese, 12 in Korean, 17 in other languages. Allowed: 1 or more.</value>
    public double? CharactersPerSecond { get; set; }

    /// <summary>The shortest time of a cue. A cue that would come too early for it is delayed.</summary>
    /// <value>Default 5/6 s. Allowed: 1 ms to 5 s.</value>
    public TimeSpan MinDuration { get; set; } = TimeSpan.FromSeconds(5) / 6;

    /// <summary>The longest time of a cue.</summary>
    /// <value>Default 7 s. Allowed: 1 s to 1 min, and not less than <see cref="MinDuration"/>.</value>
    public TimeSpan MaxDuration { get; set; } = TimeSpan.FromSeconds(7);

    /// <summary>The time between two cues. A pause of less than half a second is shortened to it.</summary>
    /// <value>Default 1/12 s, which is two frames at 24 frames a second. Allowed: 0 to 0.5 s.</value>
    public TimeSpan MinGap { get; set; } = TimeSpan.FromSeconds(1) / 12;

    /// <summary>Whether the cues are shown while people speak: then interim results give live cues, and the final cues of a sentence come as soon as it is final.</summary>
    /// <remarks>Live cues need <see cref="TranscriptionOptions.EnableIntermediateResult"/>. Without <see cref="Live"/>, the last cue of a sentence comes when the next
    /// sentence is known, or at the end, so that its time can be fitted to what follows.</remarks>
    /// <value>Default false.</value>
    public bool Live { get; set; }

    /// <summary>Who speaks in this audio; goes into each <see cref="Cue.Speaker"/>. Room for it is left in the first line.</summary>
    /// <value>Default null: nobody in particular.</value>
    public string? Speaker { get; set; }

    /// <summary>What a cue says for an <see cref="AudioGap"/>, such as <c>[audio missing]</c>.</summary>
    /// <value>Default null: no cue.</value>
    public string? AudioGapText { get; set; }

    /// <summary>What a live cue says from <see cref="Reconnecting"/> to <see cref="Reconnected"/>, such as <c>[reconnecting]</c>. Only with <see cref="Live"/>, since no speech is lost.</summary>
    /// <value>Default null: no cue.</value>
    public string? ReconnectingText { get; set; }

    /// <summary>Returns a checked copy.</summary>
    internal CaptionOptions CopyValidated()
    {
        var copy = this with { };
        if (copy.Language is { } language && !LanguageTag().IsMatch(language))
        {
            throw new ArgumentException($"Language is '{language}', which isn't a BCP 47 tag such as en, zh-Hans, ja or ko-KR.", nameof(Language));
        }

        Check(copy.CharactersPerLine ?? 42, nameof(CharactersPerLine), 8, 200);
        Check(copy.MaxLines, nameof(MaxLines), 1, 3);
        Check(copy.CharactersPerSecond ?? 17, nameof(CharactersPerSecond), 1, double.PositiveInfinity);
        Check(copy.MinDuration, nameof(MinDuration), TimeSpan.FromMilliseconds(1), TimeSpan.FromSeconds(5));
        Check(copy.MaxDuration, nameof(MaxDuration), copy.MinDuration > TimeSpan.FromSeconds(1) ? copy.MinDuration : TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1));
        Check(copy.MinGap, nameof(MinGap), TimeSpan.Zero, TimeSpan.FromSeconds(0.5));
        return copy;
    }

    private static void Check<T>(T value, string option, T least, T most)
        where T : IComparable<T>
    {
        if (!(value.CompareTo(least) >= 0 && value.CompareTo(most) <= 0))
        {
            throw new ArgumentOutOfRangeException(option, string.Create(CultureInfo.InvariantCulture, $"{option} is {value}. Allowed: {least} to {most}."));
        }
    }

    [GeneratedRegex("^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*$")]
    private static partial Regex LanguageTag();
}
