namespace SpeechStream;

/// <summary>Addresses of NLS, and with names that begin with <c>ModelStudio</c> of DashScope. The internal ones are unencrypted (<c>ws</c>) inside the vendor's cloud, and need <see cref="SpeechStreamClientOptions.AllowInsecure"/>.</summary>
public static class SpeechEndpoints
{
    /// <summary>China (Shanghai). The default.</summary>
    public static Uri Shanghai { get; } = new("wss://nls-gateway-cn-shanghai.aliyuncs.com/ws/v1");

    /// <summary>China (Beijing).</summary>
    public static Uri Beijing { get; } = new("wss://nls-gateway-cn-beijing.aliyuncs.com/ws/v1");

    /// <summary>China (Shenzhen).</summary>
    public static Uri Shenzhen { get; } = new("wss://nls-gateway-cn-shenzhen.aliyuncs.com/ws/v1");

    /// <summary>The closest region of mainland China, which DNS chooses.</summary>
    public static Uri Nearest { get; } = new("wss://nls-gateway.aliyuncs.com/ws/v1");

    /// <summary>Singapore (international site).</summary>
    public static Uri Singapore { get; } = new("wss://nls-gateway-ap-southeast-1.aliyuncs.com/ws/v1");

    /// <summary>China (Shanghai) from inside the vendor's cloud.</summary>
    public static Uri ShanghaiInternal { get; } = new("ws://nls-gateway-cn-shanghai-internal.aliyuncs.com:80/ws/v1");

    /// <summary>China (Beijing) from inside the vendor's cloud.</summary>
    public static Uri BeijingInternal { get; } = new("ws://nls-gateway-cn-beijing-internal.aliyuncs.com:80/ws/v1");

    /// <summary>China (Shenzhen) from inside the vendor's cloud.</summary>
    public static Uri ShenzhenInternal { get; } = new("ws://nls-gateway-cn-shenzhen-internal.aliyuncs.com:80/ws/v1");

    /// <summary>DashScope (Model Studio) in China (Beijing). The default with an API key.</summary>
    public static Uri ModelStudioBeijing { get; } = new("wss://dashscope.aliyuncs.com/api-ws/v1/inference");

    /// <summary>DashScope (Model Studio) in Singapore (international site).</summary>
    public static Uri ModelStudioSingapore { get; } = new("wss://dashscope-intl.aliyuncs.com/api-ws/v1/inference");

    /// <summary>The names above, which configuration may use.</summary>
    internal static IReadOnlyCollection<string> Names => ByName.Keys;

    private static Dictionary<string, Uri> ByName { get; } = new(StringComparer.OrdinalIgnoreCase)
    {
        [nameof(Shanghai)] = Shanghai,
        [nameof(Beijing)] = Beijing,
        [nameof(Shenzhen)] = Shenzhen,
        [nameof(Nearest)] = Nearest,
        [nameof(Singapore)] = Singapore,
        [nameof(ShanghaiInternal)] = ShanghaiInternal,
        [nameof(BeijingInternal)] = BeijingInternal,
        [nameof(ShenzhenInternal)] = ShenzhenInternal,
        [nameof(ModelStudioBeijing)] = ModelStudioBeijing,
        [nameof(ModelStudioSingapore)] = ModelStudioSingapore,
    };

    /// <summary>DashScope (Model Studio) for the keys of one workspace.</summary>
    /// <param name="workspaceId">Id of the workspace: letters, digits and hyphens.</param>
    /// <param name="region">Id of its region, such as <c>cn-beijing</c> or <c>ap-southeast-1</c>.</param>
    /// <returns>The address.</returns>
    /// <exception cref="ArgumentException">One of them can't be a part of a host name.</exception>
    public static Uri ModelStudioWorkspace(string workspaceId, string region) =>
        new($"wss://{Label(workspaceId, nameof(workspaceId))}.{Label(region, nameof(region))}.maas.aliyuncs.com/api-ws/v1/inference");

    /// <summary>The endpoint of this name; null when there is none.</summary>
    internal static Uri? Find(string name) => ByName.GetValueOrDefault(name);

    /// <summary>The name of an address; null when it isn't one of those above.</summary>
    internal static string? NameOf(Uri endpoint) => ByName.FirstOrDefault(known => known.Value == endpoint).Key;

    /// <summary>The service behind an endpoint of this name.</summary>
    internal static SpeechService ServiceOf(string name) =>
        name.StartsWith("ModelStudio", StringComparison.OrdinalIgnoreCase) ? SpeechService.DashScope : SpeechService.Nls;

    private static string Label(string part, string parameter)
    {
        ArgumentNullException.ThrowIfNull(part, parameter);
        return part is { Length: > 0 and <= 63 } && part.All(character => char.IsAsciiLetterOrDigit(character) || character == '-')
            ? part
            : throw new ArgumentException($"{parameter} is '{part}'. It must be letters, digits and hyphens, as the vendor's console shows it.", parameter);
    }
}
