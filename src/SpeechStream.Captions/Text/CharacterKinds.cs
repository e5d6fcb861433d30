using System.Globalization;
using System.Text;

namespace SpeechStream.Captions.Text;

/// <summary>Tells the kind of a character: from its Unicode category, and from the lists of UAX #14, of W3C clreq and jlreq (after GB/T 15834 and JIS X 4051).</summary>
internal static class CharacterKinds
{
    // Besides what closes brackets and quotations: stops, and what jlreq calls hyphens, dividing punctuation, middle dots, full stops, commas, iteration marks,
    // the prolonged sound mark, small kana, and the ellipsis, which UAX #14 (LB22) keeps with what stands before it.
    private const string NeverFirst =
        ".,:;!?/…‥、。，．：；！？・·‧｡､･゛゜ー〜～゠々〻ゝゞヽヾ"
        + "ぁぃぅぇぉっゃゅょゎゕゖァィゥェォッャュョヮヵヶㇰㇱㇲㇳㇴㇵㇶㇷㇸㇹㇺㇻㇼㇽㇾㇿｧｨｩｪｫｬｭｮｯｰﾞﾟ"
        + "،؛؟۔।॥";

    public static CharacterKind Of(Rune character) => character.Value switch
    {
        0x200B => CharacterKind.ZeroWidthSpace,
        0x00A0 or 0x2007 or 0x202F or 0x2011 or 0x2060 or 0x200D or 0xFEFF => CharacterKind.Glue,
        '"' or '\'' => CharacterKind.Quote,
        '-' or 0x2010 or 0x2013 => CharacterKind.Hyphen,
        0x2014 or 0x2015 or 0x2E3A or 0x2E3B => CharacterKind.Dash,
        '+' or '±' or '−' or '№' or '＋' => CharacterKind.Prefix,
        '%' or '‰' or '°' or '℃' or '℉' or '¢' or '％' => CharacterKind.Postfix,
        _ when character.IsBmp && NeverFirst.Contains((char)character.Value, StringComparison.Ordinal) => CharacterKind.Closing,
        _ => OfCategory(character),
    };

    private static CharacterKind OfCategory(Rune character) => Rune.GetUnicodeCategory(character) switch
    {
        _ when Rune.IsWhiteSpace(character) => CharacterKind.Space,
        UnicodeCategory.OpenPunctuation => CharacterKind.Opening,
        UnicodeCategory.ClosePunctuation => CharacterKind.Closing,
        UnicodeCategory.InitialQuotePunctuation => CharacterKind.InitialQuote,
        UnicodeCategory.FinalQuotePunctuation => CharacterKind.FinalQuote,
        UnicodeCategory.CurrencySymbol => CharacterKind.Prefix,
        UnicodeCategory.DecimalDigitNumber => CharacterKind.Digit,
        _ => IsIdeograph(character) ? CharacterKind.Ideograph : CharacterKind.Letter,
    };

    // What is wide, but for Korean and full-width Latin letters; half-width katakana; the letters that make flags.
    private static bool IsIdeograph(Rune character) => character.Value switch
    {
        >= 0x1100 and <= 0x11FF or >= 0x3130 and <= 0x318F or >= 0xA960 and <= 0xA97F or >= 0xAC00 and <= 0xD7FF => false,
        >= 0xFF21 and <= 0xFF3A or >= 0xFF41 and <= 0xFF5A => false,
        >= 0xFF66 and <= 0xFF9D or >= 0x1F1E6 and <= 0x1F1FF => true,
        _ => Wcwidth.UnicodeCalculator.GetWidth(character) == 2,
    };
}
