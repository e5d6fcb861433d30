using System.Text.RegularExpressions;

namespace SpeechStream.Cli;

/// <summary>The library's messages name what a program sets. On the command line that has other names.</summary>
internal static partial class Wording
{
    // Whole phrases come before the words in them.
    private static readonly (string OfLibrary, string OfTool)[] Names =
    [
        ("with InitializeAsync or 'speechstream", "with 'speechstream"),
        ("add your authority with ConfigureHandler", "name the file of your authority in SSL_CERT_FILE"),
        ("Set its credentials, or another way, with ConfigureHandler", "Set its credentials, or another way, in HTTPS_PROXY"),
        ("set AllowInsecure", "add --insecure"),
        ("the parameters in TranscriptionOptions and AdditionalParameters", "the other options"),
        ("Check AdditionalParameters and the endpoint", "Check --endpoint"),
        ("Check Format, and that", "Check its name, and that"),
        ("what Format says", "what its name says"),
        ("the microphone, Format and SampleRate", "the microphone, the file's name and --sample-rate"),
        ("For raw samples set TranscriptionOptions.Format to Pcm", "For raw samples add --raw"),
        ("Give the whole file, or set TranscriptionOptions.Format for raw audio", "Give the whole file"),
        ("Leave SendRate and CatchUpRate near 1", "Leave --speed at 1"),
        ("Send without long pauses, or leave SilenceAfter below 10 s", "Send without long pauses"),
        (", and leave SilenceAfter below 23 s", ""),
        ("If that is expected, raise MaxMessageBytes", "Check --endpoint"),
        ("Set MaxSentenceSilence to between", "The silence that ends a sentence must be between"),
        ("what Format and SampleRate say", "what its name and --sample-rate say"),
        ("Lower MaxSentenceSilence, or set EnableMultiThresholdMode", "Change that in the vendor's console"),
        ("Close sessions, set MaxConcurrentSessions", "Set --parallel lower"),
        (" See AudioLost in the summary.", ""),
        (", or raise StartTimeout", ""),
        (", or raise PingTimeout", ""),
        ("the credential's function", "the credential"),
        ("TranscriptionOptions.SampleRate", "--sample-rate"),
        ("SampleRate", "--sample-rate"),
        ("the token endpoint", "--token-endpoint"),
        ("tokenEndpoint", "--token-endpoint"),
        ("Channel is", "--channel is"),
        (", or null for all channels", ", or mix for all channels"),
        ("AppKey", "--app-key"),
        ("Check Model,", "Check --model,"),
        ("Use one of the addresses that begin with ModelStudio", "Use a name that begins with ModelStudio"),
        ("and Credential is an API key of DashScope", "and the key is one of DashScope"),
        ("and Credential is a token or access key of NLS. Use SpeechCredential.FromApiKey", "and the key is one of NLS. Use --api-key"),
        ("MaxConcurrentSessions", "--parallel"),
        ("SendRate", "--speed"),
        ("ConnectTimeout", "the time limit"),
        ("StartTimeout", "the time limit"),
        ("StopTimeout", "the time limit"),
    ];

    public static string ForTool(string message)
    {
        foreach (var (ofLibrary, ofTool) in Names)
        {
            message = message.Replace(ofLibrary, ofTool, StringComparison.Ordinal);
        }

        return Endpoint().Replace(message, "--endpoint");
    }

    // As a word of its own: it is also a part of others.
    [GeneratedRegex(@"(?<![\w-])Endpoint\b(?=,? (?:to|is|has)|[.,])")]
    private static partial Regex Endpoint();
}
