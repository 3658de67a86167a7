; The installer for Windows, made of the packaged program by Inno Setup 6:
;   iscc /DVersion=0.1.0 resources\packages\replete.iss      (from the repository, after `pyinstaller build.spec`)
; It has not been run yet. It installs for one user without asking for an administrator, and takes nothing of a clinic
; away when it is removed: the record lies in the user's data folder.
#ifndef Version
  #error give the version: iscc /DVersion=0.1.0
#endif

[Setup]
AppId={{6B0C8F4E-5C0B-4B5A-9B0E-2C1D7B9F5A31}
AppName=Replete
AppVersion={#Version}
AppPublisher=The Replete authors
SourceDir=..\..
OutputDir=dist
OutputBaseFilename=replete-{#Version}-setup
DefaultDirName={autopf}\Replete
DefaultGroupName=Replete
DisableProgramGroupPage=yes
PrivilegesRequired=lowest
PrivilegesRequiredOverridesAllowed=dialog
ArchitecturesAllowed=x64compatible
ArchitecturesInstallIn64BitMode=x64compatible
LicenseFile=LICENSE
SetupIconFile=resources\icons\replete.ico
UninstallDisplayIcon={app}\replete.exe
Compression=lzma2
SolidCompression=yes
CloseApplications=yes

[Languages]
Name: "en"; MessagesFile: "compiler:Default.isl"
Name: "es"; MessagesFile: "compiler:Languages\Spanish.isl"
Name: "fr"; MessagesFile: "compiler:Languages\French.isl"

[Files]
Source: "dist\replete\*"; DestDir: "{app}"; Flags: recursesubdirs createallsubdirs ignoreversion

[Icons]
Name: "{group}\Replete"; Filename: "{app}\replete.exe"
Name: "{autodesktop}\Replete"; Filename: "{app}\replete.exe"; Tasks: desktopicon

[Tasks]
Name: "desktopicon"; Description: "{cm:CreateDesktopIcon}"; Flags: unchecked

[Run]
Filename: "{app}\replete.exe"; Description: "{cm:LaunchProgram,Replete}"; Flags: nowait postinstall skipifsilent
