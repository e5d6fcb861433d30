namespace SpeechStream.Captions.Text;

/// <summary>Chooses the style of each sentence: by the language of the options, or else by the script of the sentence.</summary>
internal sealed class LanguageDetector(CaptionOptions options)
{
    // So many Han characters without kana are Chinese. A few may be Japanese, too: then the sentence before decides.
    private const int ManyHan = 10;

    private readonly CaptionStyle? _given = options.Language is { } language ? OfTag(language) : null;

    private CaptionStyle _han = CaptionStyle.Chinese;

    public CaptionStyle StyleOf(string text)
    {
        var style = _given ?? OfScript(text);
        return style with
        {
            CharactersPerLine = options.CharactersPerLine ?? style.CharactersPerLine,
            CharactersPerSecond = options.CharactersPerSecond ?? style.CharactersPerSecond,
        };
    }

    private static CaptionStyle OfTag(string language) => language.Split('-')[0].ToLowerInvariant() switch
    {
        "zh" or "cmn" or "yue" or "wuu" or "nan" or "hak" => CaptionStyle.Chinese,
        "ja" or "jpn" => CaptionStyle.Japanese,
        "ko" or "kor" => CaptionStyle.Korean,
        _ => CaptionStyle.Other,
    };

    private CaptionStyle OfScript(string text)
    {
        var (han, kana, hangul, other) = (0, 0, 0, 0);
        foreach (var character in text)
        {
            switch (character)
            {
                case >= '\u3041' and <= '\u30FA' or >= '\uFF66' and <= '\uFF9D':
                    kana++;
                    break;
                case >= '\u1100' and <= '\u11FF' or >= '\u3130' and <= '\u318F' or >= '\uAC00' and <= '\uD7A3':
                    hangul++;
                    break;
                case >= '\u2E80' and <= '\u9FFF' or >= '\uF900' and <= '\uFAFF' or >= '\uD840' and <= '\uD88D' when char.IsLetter(character) || char.IsHighSurrogate(character):
                    han++;
                    break;
                default:
                    other += char.IsLetter(character) ? 1 : 0;
                    break;
            }
        }

        // A Chinese sentence with English names in it is Chinese: an ideograph is about two letters of text.
        if (2 * (han + kana + hangul) < other || han + kana + hangul == 0)
        {
            return CaptionStyle.Other;
        }

        if (hangul > han + kana)
        {
            return CaptionStyle.Korean;
        }

        // One kana among many ideographs, as in a name, makes no Japanese.
        return _han = 8 * kana >= han + kana ? CaptionStyle.Japanese : han >= ManyHan ? CaptionStyle.Chinese : _han;
    }
}
