using CsCheck;

namespace SpeechStream.Captions.Tests;

/// <summary>A piece of random speech: how it is written, and how it is spoken.</summary>
/// <param name="Text">As it is written.</param>
/// <param name="Words">As the recognizer hears it.</param>
/// <param name="IsSpaced">Whether a space stands between it and its neighbors.</param>
/// <param name="Milliseconds">How long each word takes.</param>
/// <param name="Pause">The milliseconds of silence before it.</param>
internal sealed record Token(string Text, string[] Words, bool IsSpaced, int Milliseconds, int Pause)
{
    public const string Han = "的一是不了在人有我他这中大来上国个到说们为子和你地出道也时年得就那要下以生会自着去之过家学对可她里后小么心多天而能好都然没日于起还发成事只作当想看文无开手十用主行方又如前所本见经头面公同三已老从动两长";

    private static readonly string[] Kana = ["スーパー", "ちょっと", "カメラ", "これから", "ありがとう", "コーヒー", "じゃあ", "ください"];
    private static readonly string[] Hangul = ["안녕하세요", "오늘", "회의에", "참석해", "주셔서", "감사합니다"];
    private static readonly string[] RightToLeft = ["مرحبا", "بكم", "السنة", "שלום", "לכולם", "היום"];
    private static readonly string[] Marked = ["e\u0301te\u0301", "नमस्ते", "İstanbul", "über", "Việt"];
    private static readonly string[] Emoji = ["😀", "👨‍👩‍👧‍👦", "🇨🇳🇯🇵", "❤️", "👍🏽", "☎️"];
    private static readonly (string Written, string Spoken)[] Numbers = [("20", "二十"), ("3.14", "三点一四"), ("1,000", "一千"), ("10:30", "十点半"), ("2024", "二零二四"), ("100%", "百分之百"), ("$20.50", "twenty")];

    private static readonly Gen<string> Stop = Gen.Frequency((6, Gen.Const("")), (2, Gen.OneOf(",", ";", ":")), (2, Gen.OneOf(".", "?!", "…")));
    private static readonly Gen<string> WideStop = Gen.Frequency((4, Gen.Const("")), (2, Gen.OneOf("，", "、", "；")), (2, Gen.OneOf("。", "？！", "……")));
    private static readonly Gen<(int Milliseconds, int Pause)> Time = Gen.Select(
        Gen.Frequency((1, Gen.Const(0)), (8, Gen.Int[40, 600])), Gen.Frequency((6, Gen.Const(0)), (3, Gen.Int[0, 300]), (1, Gen.Int[300, 9000])));

    /// <summary>Words of a script with spaces, without punctuation, and without vowels, so that none of them is an article or the like.</summary>
    public static Gen<Token> Plain { get; } = Gen.Select(Gen.String[Gen.Char["bcdfghjklmnpqrstvwxz"], 1, 12], Time, (word, time) => new Token(word, [word], true, time.Milliseconds, time.Pause));

    /// <summary>Whatever may be in a transcript, of all scripts mixed.</summary>
    public static Gen<Token> Any { get; } = Gen.Select(
        Gen.Frequency(
            (5, Gen.Select(Gen.String[Gen.Char['a', 'z'], 1, 12], Stop, (word, stop) => (word + stop, new[] { word }, true))),
            (6, Gen.Select(Gen.Char[Han].Array[1, 10], Gen.Int[1, 3], WideStop, (characters, length, stop) => (new string(characters) + stop, Cut(characters, length), false))),
            (2, Gen.Select(Gen.OneOf(Kana), WideStop, (word, stop) => (word + stop, new[] { word }, false))),
            (1, Gen.Select(Gen.Char[Han].Array[1, 8], Gen.OneOf("「」", "『』", "（）", "《》", "“”", "【】"), (characters, marks) => (marks[0] + new string(characters) + marks[1], new[] { new string(characters) }, false))),
            (1, Gen.Select(Gen.String[Gen.Char['a', 'z'], 1, 10], Gen.OneOf("()", "“”", "\"\"", "[]"), (word, marks) => (marks[0] + word + marks[1], new[] { word }, true))),
            (2, Gen.Select(Gen.OneOf(Numbers), Gen.Bool, (number, isSpaced) => (number.Written, new[] { number.Spoken }, isSpaced))),
            (1, Gen.OneOf([.. Hangul, .. RightToLeft, .. Marked]).Select(word => (word, new[] { word }, true))),
            (1, Gen.OneOf(Emoji).Select(emoji => (emoji, Array.Empty<string>(), false)))),
        Time,
        (token, time) => new Token(token.Item1, token.Item2, token.Item3, time.Milliseconds, time.Pause));

    /// <summary>Whether the words are, but for punctuation, what is written.</summary>
    public bool IsVerbatim => Text.Contains(string.Concat(Words), StringComparison.Ordinal);

    private static string[] Cut(char[] characters, int length) => [.. characters.Chunk(length).Select(word => new string(word))];
}
