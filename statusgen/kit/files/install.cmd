@echo off
rem Installs statusgen from this folder, without a network: double-click this file.
cd /d "%~dp0"
for %%v in (@VERSIONS@) do (
  py -%%v -c "" >nul 2>nul && (
    py -%%v install.py
    goto end
  )
)
python -c "import sys; sys.exit(sys.version_info[:2] not in @TUPLES@)" >nul 2>nul && (
  python install.py
  goto end
)
echo This kit needs one of these versions of Python, which is not here: @VERSIONS@
echo Get it from https://www.python.org/downloads/ and try again. See CARD.txt.
:end
pause
