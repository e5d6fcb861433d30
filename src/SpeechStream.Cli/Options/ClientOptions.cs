using System.CommandLine;
using SpeechStream.Cli.Transcription;

namespace SpeechStream.Cli.Options;

/// <summary>The options of commands that transcribe: those of the account, and what is recorded.</summary>
internal sealed class ClientOptions
{
    private readonly AccountOptions _account = new();

    private readonly Option<string?> _record = new Option<string?>("--record")
    {
        Description = "Write every message of client and service into a cassette, which 'speechstream replay' serves again. Keys are masked; what was said isn't.",
        HelpName = "FILE",
    }.NotEmpty();

    private readonly Option<bool> _recordAudio = new("--record-audio") { Description = "Put the audio into the cassette, too, about 2.6 MB a minute. Default: only how much was sent when." };

    private readonly Option<string?> _encode = new("--encode") { Description = "Encode what is sent: Opus needs a ninth of the bandwidth. Times, words and recovery stay the same." };

    public ClientOptions() => _encode.Allow("opus");

    public void AddTo(Command command)
    {
        Option[] all = [_account.Local, _account.Endpoint, _account.TokenEndpoint, _account.Insecure, _account.Service, _account.AppKey, _account.Token, _account.ApiKey, _encode, _record, _recordAudio];
        Array.ForEach(all, command.Options.Add);
        _account.ForbidEndpointWithLocal(command);
        command.AddRule(result =>
        {
            if (result.GetValue(_recordAudio) && result.GetValue(_record) is null)
            {
                result.AddError("--record-audio is for --record.");
            }
        });
    }

    public ClientSettings Read(ParseResult parsed, Surroundings surroundings) => new()
    {
        IsLocal = parsed.GetValue(_account.Local),
        Endpoint = parsed.GetValue(_account.Endpoint),
        IsInsecure = parsed.GetValue(_account.Insecure),
        Account = _account.AccountOf(parsed, surroundings),
        IsOpus = parsed.GetValue(_encode) is not null,
        Record = parsed.GetValue(_record),
        RecordsAudio = parsed.GetValue(_recordAudio),
    };
}
